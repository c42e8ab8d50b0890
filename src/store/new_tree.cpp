// SPDX-License-Identifier: Apache-2.0
#include "store/new_tree.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/quote.hpp"

namespace acistore {

NewTree::NewTree(const TreeRequest& request, std::string top)
    : request_(request),
      directory_(request.directory, request.if_exists),
      writer_(directory_.fd(), std::move(top)) {
  writer_.set_mode_of_top(directory_.usual_mode());
}

LeftOut NewTree::publish(bool sync) {
  writer_.finish();
  LeftOut left_out = writer_.left_out();
  if (request_.strict && left_out.any()) {
    throw Error(ErrorKind::kIo,
                printable(request_.directory) +
                    ": this takes root, or another file system: " + describe(left_out));
  }
  directory_.publish(sync);
  return left_out;
}

}  // namespace acistore
