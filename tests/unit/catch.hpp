// SPDX-License-Identifier: Apache-2.0
// Catch2, whichever of its two generations the system has.
#ifndef ACISTORE_TESTS_UNIT_CATCH_HPP
#define ACISTORE_TESTS_UNIT_CATCH_HPP

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

#endif
