// SPDX-License-Identifier: Apache-2.0
#include "base/group_share.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/fd.hpp"
#include "catch.hpp"
#include "temporary_directory.hpp"

using namespace acistore;

namespace {

// The mode of a file of mode `made` after it was shared in a directory of mode `parent`.
mode_t shared_mode(mode_t parent, mode_t made) {
  const TemporaryDirectory directory;
  const std::string path = directory.path() / "made";
  const Fd file(::open(path.c_str(), O_RDONLY | O_CREAT, 0600));
  REQUIRE(::fchmod(file.get(), made) == 0);
  const Fd above(::open(directory.path().c_str(), O_RDONLY | O_DIRECTORY));
  REQUIRE(::fchmod(above.get(), parent) == 0);
  share_with_group(above.get(), file.get());
  struct stat status {};
  REQUIRE(::fstat(file.get(), &status) == 0);
  return status.st_mode & 07777;
}

}  // namespace

TEST_CASE("in a set-gid directory a file is shared as the directory is") {
  CHECK(shared_mode(02770, 0600) == 0660);
  CHECK(shared_mode(02770, 0644) == 0664);
  CHECK(shared_mode(02750, 0600) == 0640);
  CHECK(shared_mode(02700, 0600) == 0600);
  CHECK(shared_mode(02775, 0600) == 0660);  // of the rights of others the umask decides
}

TEST_CASE("a read-only file stays read-only when it is shared") {
  CHECK(shared_mode(02770, 0400) == 0440);
  CHECK(shared_mode(02770, 0444) == 0444);
}

TEST_CASE("in any other directory nothing is shared") {
  CHECK(shared_mode(0770, 0600) == 0600);
  CHECK(shared_mode(0777, 0400) == 0400);
}
