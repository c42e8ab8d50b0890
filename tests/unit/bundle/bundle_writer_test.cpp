// SPDX-License-Identifier: Apache-2.0
#include "bundle/bundle_writer.hpp"

#include <string>

#include "bundle/bundles.hpp"
#include "catch.hpp"
#include "errors.hpp"
#include "sample.hpp"

using namespace acistore;
using namespace acistore::bundles;

namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;

// What a bundle takes beside the data of its images, at most, for each of them and each of the
// places at which one stops being like another.
constexpr std::size_t kForImage = 256;
constexpr std::size_t kForPlace = 64;

}  // namespace

TEST_CASE("a bundle gives back its images and what is said of them") {
  const Texts texts{"", "a", random_text(3000, 1), random_text(3000, 1) + "and more", "a second a"};
  std::vector<CarriedImage> images;
  for (const std::string& text : texts)
    images.push_back(carried(text));
  images[1].image.name = "example.com/\u00fc";
  images[1].image.latest = false;
  images[1].image.labels = {};
  images[2].image.labels = {{"version", "2"}, {"os", ""}, {"nul", std::string("a\0b", 3)}};
  images[2].remotes = {
      {.aci_url = "https://example.com/a",
       .sig_url = "https://example.com/a.asc",
       .etag = "\"1\"",
       .key = images[2].image.blob.key,
       .cache_max_age = 1'000'000'000'000,
       .download_time = 1'700'000'000'000'000'000},
      {.aci_url = "b", .sig_url = {}, .etag = {}, .key = images[2].image.blob.key}};
  const std::string bundle = write(images, texts);
  CHECK(read(bundle) == texts);
  RunsReader bytes(bundle, 1);
  const BundleReader reader(bytes);
  REQUIRE(reader.images().size() == images.size());
  for (std::size_t i = 0; i < images.size(); ++i) {
    const auto& [image, remotes] = reader.images()[i];
    CHECK(image.blob.digest == images[i].image.blob.digest);
    CHECK(image.blob.key == images[i].image.blob.key);
    CHECK(image.blob.size == texts[i].size());
    CHECK(image.name == images[i].image.name);
    CHECK(image.labels == images[i].image.labels);
    CHECK(image.latest == images[i].image.latest);
    CHECK(remotes == images[i].remotes);
  }
  CHECK(read(write({})).empty());
}

TEST_CASE("the beginning of a bundle is what acistore-bundle(5) says") {
  const std::string text = random_text(200, 5);
  const std::string bundle = write({text});
  const auto digest = [](std::string_view of) {
    const Sha512Digest bytes = digest_of(of);
    return std::string(as_text(bytes));
  };
  std::string expected = "acistore bundle 1\n";
  expected += '\x01';                              // images
  expected += digest(text) + "\xc8\x01" + '\x01';  // 200 bytes; latest
  expected +=
      "\x0f"
      "example.com/app"
      "\x01"
      "\x07"
      "version"
      "\x01"
      "1";
  expected += '\0';  // remotes
  expected += digest(expected);
  expected += "\x90\x03" + text;  // 200 bytes of data
  expected += digest(expected);
  CHECK(bundle == expected);
}

TEST_CASE("what several images have in common is stored once") {
  const std::string base = random_text(kMiB, 1);
  SECTION("the same image but for its end") {
    const Texts texts{base, base + random_text(1000, 2), base.substr(0, kMiB / 2)};
    const std::string bundle = write(texts);
    CHECK(read(bundle) == texts);
    CHECK(bundle.size() < kMiB + 1000 + 3 * kForImage + 3 * kForPlace);
  }
  SECTION("bytes that were put in, taken out and changed") {
    std::string other = base;
    other.insert(100'000, "put in");
    other.erase(400'000, 777);
    other[800'000] = static_cast<char>(other[800'000] + 1);
    const Texts texts{base, other};
    const std::string bundle = write(texts);
    CHECK(read(bundle) == texts);
    // After a change the next anchor is a thousand bytes away, more or less, but from there it is
    // followed back to the change.
    CHECK(bundle.size() < kMiB + 2 * kForImage + 3 * kForPlace);
  }
  SECTION("parts in another order, of several images") {
    const std::string more = random_text(kMiB, 3);
    const Texts texts{
        base, more,
        more.substr(500'000, 300'000) + base.substr(123'456, 200'000) + more.substr(0, 300'000)};
    const std::string bundle = write(texts);
    CHECK(read(bundle) == texts);
    CHECK(bundle.size() < 2 * kMiB + 3 * kForImage + 3 * kForPlace);
  }
  SECTION("parts of one image") {
    const std::string part = random_text(200'000, 4);
    const Texts texts{part + base + part + part};
    const std::string bundle = write(texts);
    CHECK(read(bundle) == texts);
    CHECK(bundle.size() < kMiB + part.size() + kForImage + 6 * kForPlace);
  }
}

TEST_CASE("an image is copied from no farther back than a reader keeps open") {
  const std::string base = random_text(20'000, 1);
  Texts texts{base};
  while (texts.size() < 2 * kMostBack)
    texts.push_back(std::to_string(texts.size()));
  texts[kMostBack] = base + "1";
  texts[2 * kMostBack - 1] = base + "2";
  const std::string bundle = write(texts);
  CHECK(read(bundle) == texts);
  CHECK(bundle.size() < base.size() * 3 / 2 + texts.size() * kForImage);
  texts.insert(texts.begin() + 1, "pushes them one apart");
  CHECK(read(write(texts)) == texts);
}

TEST_CASE("a bundle does not depend on how the images are cut up") {
  const std::string base = random_text(kMiB / 2, 1);
  const Texts texts{base, base.substr(1000) + base, random_text(3 * kMiB, 2)};
  const std::string bundle = write(texts);
  for (const std::size_t run : {1000, 4096, 100'003})
    CHECK(write(texts, run) == bundle);
}

TEST_CASE("bytes of one value and short patterns") {
  Texts texts;
  for (int value = 0; value < 256; ++value)
    texts.push_back(std::string(20'000, static_cast<char>(value)));
  CHECK(read(write(texts)) == texts);
  texts.clear();
  for (const std::size_t period : {2, 3, 63, 64, 65, 200, 512, 4096}) {
    std::string text;
    while (text.size() < 100'000)
      text += random_text(period, static_cast<unsigned>(period));
    texts.push_back(text);
  }
  CHECK(read(write(texts)) == texts);
}

TEST_CASE("any images made of pieces of others come back") {
  std::mt19937 random(1);
  const int rounds = kIsSanitized ? 10 : 100;
  for (int round = 0; round < rounds; ++round) {
    Texts texts;
    const std::size_t count = 1 + random() % 6;
    while (texts.size() < count) {
      std::string text;
      const std::size_t pieces = random() % 12;
      for (std::size_t i = 0; i < pieces; ++i) {
        const std::string& from =
            texts.empty() || random() % 4 == 0 ? text : texts[random() % texts.size()];
        if (from.empty() || random() % 3 == 0) {
          text += random_text(random() % 5000, static_cast<unsigned>(random()));
        } else {
          const std::size_t start = random() % from.size();
          text += std::string(from.substr(start, random() % 20'000));
        }
      }
      // No image is there twice.
      texts.push_back(text + std::to_string(texts.size()));
    }
    const std::string bundle = write(texts, 1 + random() % 10'000);
    REQUIRE(read(bundle, 1 + random() % 5000, 1 + random() % 5000) == texts);
  }
}

TEST_CASE("what no bundle can hold is refused") {
  std::vector<CarriedImage> images{carried("a")};
  const auto fault = [&] {
    const auto error = error_of([&] { write(images, {"a"}); });
    return error ? error->message() : "nothing";
  };
  SECTION("a long text") {
    images[0].image.labels[0].value = std::string(kMaxBundleTextBytes + 1, 'x');
    CHECK(fault().ends_with(": 4194305, and a bundle holds 4194304 at most"));
  }
  SECTION("a large image") {
    images[0].image.blob.size = kMaxBundledImageBytes + 1;
    CHECK(fault() ==
          images[0].image.blob.key.text() +
              ": bytes of an image: 68719476737, and a bundle holds 68719476736 at most");
  }
  SECTION("a long list") {
    images[0].image.labels.assign(17, {"n", std::string(kMaxBundleTextBytes, 'x')});
    CHECK(fault().starts_with("bytes of the list of images: "));
  }
  SECTION("many remotes") {
    images[0].remotes.assign(
        kMaxRemotesOfImage + 1,
        {.aci_url = "u", .sig_url = {}, .etag = {}, .key = images[0].image.blob.key});
    CHECK(fault() == images[0].image.blob.key.text() +
                         ": remotes of an image: 1001, and a bundle holds 1000 at most");
  }
  SECTION("many labels") {
    images[0].image.labels.assign(kMaxBundledLabels + 1, {"n", "v"});
    CHECK(fault() == "labels of all images: 1000001, and a bundle holds 1000000 at most");
  }
}
