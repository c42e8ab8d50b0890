// SPDX-License-Identifier: Apache-2.0
#ifndef ACISTORE_ACI_ARCHIVE_CHECK_HPP
#define ACISTORE_ACI_ARCHIVE_CHECK_HPP

#include "aci/problem.hpp"
#include "base/source.hpp"

namespace acistore {

// Tells of everything that is wrong with an image, uncompressed: what read_archive() refuses, the
// problems of its manifest (check_manifest()), what departs from the letter of appc spec/aci.md and
// of POSIX, and what those who extract it may stumble on. Goes on after a problem wherever it can,
// and tells of no more than twenty of a kind. Reads to the end, if nothing is damaged.
//
// What the source throws passes through, but for Error(kInvalid), which is a problem too.
void check_archive(Source& source, const ReportProblem& report);

}  // namespace acistore

#endif
