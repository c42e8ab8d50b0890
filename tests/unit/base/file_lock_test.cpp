// SPDX-License-Identifier: Apache-2.0
#include "base/file_lock.hpp"

#include <fcntl.h>

#include "base/fd.hpp"
#include "catch.hpp"
#include "errors.hpp"
#include "temporary_directory.hpp"

using namespace acistore;
using std::chrono::milliseconds;

TEST_CASE("a byte is locked for one descriptor at a time, and bytes are apart") {
  const TemporaryDirectory directory;
  const std::string path = directory.path() / "lock";
  const Fd one(::open(path.c_str(), O_RDWR | O_CREAT, 0600));
  const Fd two(::open(path.c_str(), O_RDWR));
  {
    const ByteLock held(one.get(), 5, LockMode::kExclusive, milliseconds(0));
    const auto error =
        error_of([&] { ByteLock(two.get(), 5, LockMode::kExclusive, milliseconds(5)); });
    REQUIRE(error);
    CHECK(error->kind() == ErrorKind::kBusy);
    CHECK(error_of([&] { ByteLock(two.get(), 5, LockMode::kShared, milliseconds(0)); }));
    const ByteLock other(two.get(), 6, LockMode::kExclusive, milliseconds(0));
  }
  {
    const ByteLock range(one.get(), 0, LockMode::kExclusive, milliseconds(0), 10);
    CHECK(error_of([&] { ByteLock(two.get(), 9, LockMode::kShared, milliseconds(0)); }));
    const ByteLock beyond(two.get(), 10, LockMode::kExclusive, milliseconds(0));
    CHECK(error_of([&] { ByteLock(one.get(), 0, LockMode::kExclusive, milliseconds(0), 11); }));
  }
  const ByteLock now_free(two.get(), 5, LockMode::kShared, milliseconds(0));
  const ByteLock shared(one.get(), 5, LockMode::kShared, milliseconds(0));
}
