// SPDX-License-Identifier: Apache-2.0
#include "bundle/bundle_reader.hpp"

#include <string>

#include "base/quote.hpp"
#include "bundle/bundles.hpp"
#include "catch.hpp"
#include "errors.hpp"
#include "sample.hpp"

using namespace acistore;
using namespace acistore::bundles;

namespace {

std::string number(std::uint64_t value) {
  std::string text;
  for (; value >= 0x80; value >>= 7)
    text += static_cast<char>((value & 0x7f) | 0x80);
  return text + static_cast<char>(value);
}

std::string text(std::string_view value) {
  return number(value.size()) + std::string(value);
}

std::string with_digest(std::string bytes) {
  const Sha512Digest digest = digest_of(bytes);
  return bytes.append(as_text(digest));
}

// A bundle whose digests are right, whatever else is in it.
std::string bundle_of(const std::string& list, const std::string& parts) {
  return with_digest(with_digest(std::string(kBundleMagic) + list) + parts);
}

std::string image_of(std::uint64_t size, char kind = 'a') {
  return std::string(64, kind) + number(size) + number(0) + text("example.com/app") + number(0) +
         number(0);
}

std::string data(std::string_view bytes) {
  return number(2 * bytes.size()) + std::string(bytes);
}

std::string copy(std::uint64_t length, std::uint64_t back, std::uint64_t offset) {
  return number(2 * length + 1) + number(back) + number(offset);
}

// What is wrong with it.
std::string fault(std::string_view bundle) {
  const auto error = error_of([&] { read(bundle); });
  if (!error) return "nothing";
  CHECK(error->kind() == ErrorKind::kInvalid);
  return error->message();
}

}  // namespace

TEST_CASE("pieces are put together, of the same image and of those before") {
  const std::string bundle = bundle_of(
      number(3) + image_of(8, 'a') + image_of(0, 'b') + image_of(7, 'c'),
      data("abc") + copy(3, 0, 0) + copy(2, 0, 4) + data("x") + copy(5, 2, 3) + copy(1, 0, 5));
  CHECK(fault(bundle) == "nothing");
  for (const std::size_t size : {1, 2, 3, 100})
    CHECK(read(bundle, size, size) == Texts{"abcabcbc", "", "xabcbcc"});
}

TEST_CASE("what is no bundle is told so") {
  CHECK(fault("") == "not a bundle: does not begin with \"acistore bundle 1\"");
  CHECK(fault("acistore bundle 2\n") == "not a bundle: does not begin with \"acistore bundle 1\"");
  CHECK(fault("acistore bundle 1\n") == "bundle: truncated at byte 18");
  const std::string whole = write({random_text(3000, 1), random_text(2000, 1)});
  for (std::size_t size = 0; size < whole.size(); size += size < 400 ? 1 : sampled(7)) {
    const std::string error = fault(whole.substr(0, size));
    REQUIRE(error == (size < kBundleMagic.size()
                          ? "not a bundle: does not begin with \"acistore bundle 1\""
                          : "bundle: truncated at byte " + std::to_string(size)));
  }
  CHECK(fault(whole + "x").starts_with("bundle: more after its end"));
}

TEST_CASE("any changed byte is found") {
  const std::string whole = write({random_text(3000, 1), random_text(2000, 1) + "and more"});
  for (std::size_t i = 0; i < whole.size(); i += i < 400 ? 1 : sampled(7)) {
    std::string changed = whole;
    changed[i] = static_cast<char>(changed[i] ^ 1 << i % 8);
    REQUIRE(fault(changed) != "nothing");
  }
}

TEST_CASE("a list that breaks the rules") {
  const auto list_fault = [](const std::string& list) { return fault(bundle_of(list, "")); };
  CHECK(list_fault(number(0)) == "nothing");
  CHECK(list_fault(number(1) + image_of(0)) == "nothing");
  CHECK(list_fault(number(100'001)) == "bundle: images: 100001, more than 100000 (before byte 21)");
  CHECK(list_fault(number(2) + image_of(0) + image_of(0)).find(" is there twice") !=
        std::string::npos);
  const std::string head = number(1) + std::string(64, 'a');
  CHECK(list_fault(head + number(std::uint64_t{64} << 30) + number(2)) ==
        "bundle: marks: 2, more than 1 (before byte 90)");
  CHECK(list_fault(head + number((std::uint64_t{64} << 30) + 1))
            .starts_with("bundle: bytes of an image: 68719476737, more than 68719476736"));
  CHECK(list_fault(head + number(1) + number(0) + number((4 << 20) + 1))
            .starts_with("bundle: length of the name of an image: 4194305, more than 4194304"));
  CHECK(list_fault(head + number(1) + number(0) + text("\xff"))
            .starts_with("bundle: name of an image: \"\\xff\": not UTF-8"));
  const std::string named = head + number(1) + number(0) + text("a");
  CHECK(list_fault(named + number(1'000'001)).starts_with("bundle: labels: 1000001, more"));
  CHECK(list_fault(named + number(0) + number(1) + text(""))
            .starts_with("bundle: a remote without a URL"));
  CHECK(list_fault("\x80" + std::string(1, '\0'))
            .starts_with("bundle: a number in more bytes than it takes"));
  CHECK(list_fault(std::string(9, '\xff') + "\x01").starts_with("bundle: a number of 2^63"));
  // A list of 64 MiB of labels, each within its limit.
  std::string labels = named + number(1000);
  for (int i = 0; i < 66; ++i)
    labels += text("n") + text(std::string(1 << 20, 'x'));
  CHECK(list_fault(labels).starts_with("bundle: a list of images of more than 67108864 bytes"));
}

TEST_CASE("pieces that break the rules") {
  const auto part_fault = [](const std::string& parts) {
    return fault(bundle_of(number(2) + image_of(4, 'a') + image_of(4, 'b'), parts));
  };
  const auto says = [&](const std::string& parts, std::string_view what) {
    const std::string message = part_fault(parts);
    INFO(message);
    CHECK(message.starts_with("bundle: " + std::string(what)));
  };
  CHECK(part_fault(data("abcd") + copy(4, 1, 0)) == "nothing");
  says(data("abcde"), "a piece of 5 bytes, of which the image has 4 left");
  says(data("abc") + data("de"), "a piece of 2 bytes, of which the image has 1 left");
  says(number(0), "an empty piece");
  says(number(1) + number(0) + number(0), "an empty piece");
  says(copy(1, 0, 0), "a copy of 1 bytes from byte 0 on, where there are 0");
  says(data("ab") + copy(2, 0, 1), "a copy of 2 bytes from byte 1 on, where there are 2");
  says(data("ab") + copy(2, 1, 0), "images to copy back from: 1, more than 0");
  says(data("abcd") + copy(2, 2, 0), "images to copy back from: 2, more than 1");
  says(data("abcd") + copy(4, 1, 1), "a copy of 4 bytes from byte 1 on, where there are 4");
  says(data("abcd") + copy(1, 1, ~std::uint64_t{0} >> 1), "a copy of 1 bytes from byte 9223372");
  // As much as a number can say.
  says(number(~std::uint64_t{0} >> 1), "a piece of 4611686018427387903 bytes");
}

TEST_CASE("images that nobody wants are passed over, and the digest is checked all the same") {
  std::string whole = write({random_text(3000, 1), random_text(3000, 1) + "x", random_text(9, 2)});
  const auto pass = [&] {
    RunsReader bytes(whole, 1000);
    BundleReader reader(bytes);
    reader.finish();
  };
  CHECK(!error_of(pass));
  whole[whole.size() - 70] = static_cast<char>(whole[whole.size() - 70] ^ 1);
  CHECK(error_of(pass)->message().starts_with("bundle: the digest of all does not match"));
}
