// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_CLI_TABLE_HPP
#define ACISTORE_CLI_TABLE_HPP

#include <string>
#include <vector>

namespace acistore {

// Rows of cells, all of one length, with the columns lined up by tabs at every eighth place, as
// Go's text/tabwriter does for `rkt image list`. Nothing follows the last cell of a row.
std::string format_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace acistore

#endif
