// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_STORE_SEED_HPP
#define ACISTORE_STORE_SEED_HPP

#include <functional>
#include <variant>

#include "base/error.hpp"
#include "base/progress.hpp"
#include "store/seed_file.hpp"
#include "store/seed_plan.hpp"
#include "store/stores.hpp"

namespace acistore {

struct SeedRequest {
  // Whether what the file's owner has pinned and the file does not name goes.
  bool prune = false;
  // Whether images that a lower store has are stored all the same.
  bool copy_up = false;
  // How many images are read at the same time.
  unsigned jobs = 1;
};

using ReportSeed = std::function<void(const std::variant<SeedChange, Error>&)>;

// Makes the top store so as a lock file says, and changes nothing that is so already: no
// transaction begins where nothing differs, and only missing images are read. First the marks and
// pins of what is there, in one transaction; then what is missing, in the order of the file, each
// image with its mark and pins at once; then, if every image of the file is there, what is pruned.
//
// Each step is decided by what the store and the file say, and none needs to know of an earlier
// one: whoever is killed in between and does it again comes to the same end.
//
// `report` is called for each change when it is on stable storage, and for each image that could
// not be had. Returns whether all was done; nothing is pruned otherwise.
bool seed(const Stores& stores, const SeedFile& file, const SeedRequest& request,
          Progress& progress, const ReportSeed& report);

// Reports what seed() would, if all that is missing can be had, and changes nothing. `stores` is
// null where there is none.
void check_seed(const Stores* stores, const SeedFile& file, const SeedRequest& request,
                const ReportSeed& report);

}  // namespace acistore

#endif
