// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "base/quote.hpp"
#include "cli/commands.hpp"
#include "cli/entry_text.hpp"
#include "cli/exit_code.hpp"
#include "store/diff.hpp"

namespace acistore {
namespace {

std::string_view aspect_name(Aspect aspect) {
  switch (aspect) {
    case Aspect::kType:
      return "type";
    case Aspect::kContent:
      return "content";
    case Aspect::kMode:
      return "mode";
    case Aspect::kOwner:
      return "owner";
    case Aspect::kLink:
      return "link";
    case Aspect::kDevice:
      return "device";
    case Aspect::kXattrs:
      return "xattrs";
    case Aspect::kTime:
      return "time";
  }
  return "";
}

// A line is a word, what it speaks of, and details, with tabs in between.
std::string line(std::string_view status, const std::string& what, const std::string& details) {
  return std::string(status) + '\t' + what + '\t' + details + '\n';
}

template <typename Thing>
std::string_view status_of(const Thing& before, const Thing& after) {
  if (!before) return "added";
  return after ? "changed" : "removed";
}

std::string from_to(const std::string& before, const std::string& after) {
  return before + " -> " + after;
}

// What an entry is, for one that is only in one image.
std::string summary_of(const EntryFacts& facts) {
  std::string text(type_name(facts.type));
  if (facts.type == EntryType::kFile) text += ' ' + std::to_string(facts.size) + " bytes";
  if (!facts.link.empty()) text += " to " + quoted(facts.link);
  return text;
}

std::string owner_of(const EntryFacts& facts) {
  return std::to_string(facts.uid) + ':' + std::to_string(facts.gid);
}

std::string device_of(const EntryFacts& facts) {
  return std::to_string(facts.dev_major) + ',' + std::to_string(facts.dev_minor);
}

std::string values_of(Aspect aspect, const EntryFacts& before, const EntryFacts& after) {
  switch (aspect) {
    case Aspect::kType:
      return from_to(std::string(type_name(before.type)), std::string(type_name(after.type)));
    case Aspect::kContent:
      if (before.size == after.size) return "";
      return from_to(std::to_string(before.size), std::to_string(after.size)) + " bytes";
    case Aspect::kMode:
      return from_to(octal_mode(before.mode), octal_mode(after.mode));
    case Aspect::kOwner:
      return from_to(owner_of(before), owner_of(after));
    case Aspect::kLink:
      return from_to(before.link.empty() ? "none" : quoted(before.link),
                     after.link.empty() ? "none" : quoted(after.link));
    case Aspect::kDevice:
      return from_to(device_of(before), device_of(after));
    case Aspect::kXattrs:
      return "";
    case Aspect::kTime:
      return from_to(exact_entry_time(before.mtime), exact_entry_time(after.mtime));
  }
  return "";
}

std::string changes_of(const Difference& difference) {
  std::string text;
  for (const Aspect aspect : difference.aspects) {
    if (!text.empty()) text += ", ";
    text += aspect_name(aspect);
    const std::string values = values_of(aspect, *difference.before, *difference.after);
    if (!values.empty()) text += ' ' + values;
  }
  return text;
}

std::string to_text(const Difference& difference) {
  const auto& [path, before, after, aspects] = difference;
  const std::string details =
      before && after ? changes_of(difference) : summary_of(before ? *before : *after);
  return line(status_of(before, after), printable(path), details);
}

void facts_member(Json& json, const char* name, const std::optional<EntryFacts>& facts, bool raw) {
  if (!facts) {
    json.member(name, std::optional<bool>());
    return;
  }
  json.key(name);
  json.begin_object();
  json.member("type", type_name(facts->type));
  json.member("mode", octal_mode(facts->mode));
  json.member("uid", facts->uid);
  json.member("gid", facts->gid);
  json.member("size", facts->size);
  json.member("mtime", exact_entry_time(facts->mtime));
  if (facts->link.empty())
    json.member("link", std::optional<bool>());
  else
    json.member_text("link", facts->link, raw);
  if (facts->type == EntryType::kCharDevice || facts->type == EntryType::kBlockDevice) {
    json.member("devMajor", facts->dev_major);
    json.member("devMinor", facts->dev_minor);
  }
  json.end_object();
}

void to_json(Json& json, const Difference& difference) {
  const auto& [path, before, after, aspects] = difference;
  const bool raw =
      !is_utf8(path) || (before && !is_utf8(before->link)) || (after && !is_utf8(after->link));
  json.begin_object();
  json.member_text("path", path, raw);
  if (raw) json.member("raw", true);
  json.member("status", status_of(before, after));
  json.key("changes");
  json.begin_array();
  for (const Aspect aspect : aspects)
    json.text(aspect_name(aspect));
  json.end_array();
  facts_member(json, "before", before, raw);
  facts_member(json, "after", after, raw);
  json.end_object();
}

// No path in an archive begins with "manifest:", so that the lines are not taken for each other.
std::string to_text(const MemberChange& change) {
  const auto& [member, before, after] = change;
  const std::string details = before && after ? from_to(printable(*before), printable(*after))
                                              : printable(before ? *before : *after);
  return line(status_of(before, after), "manifest:" + printable(member), details);
}

void to_json(Json& json, const MemberChange& change) {
  json.begin_object();
  json.member("member", change.member);
  json.member("status", status_of(change.before, change.after));
  json.member("before", change.before);
  json.member("after", change.after);
  json.end_object();
}

std::string aspects_text(const DiffSummary& summary) {
  std::string text;
  for (std::size_t i = 0; i < kAspects; ++i) {
    if (summary.aspects[i] == 0) continue;
    text += text.empty() ? "" : ", ";
    text += std::string(aspect_name(Aspect{static_cast<int>(i)})) + ' ' +
            std::to_string(summary.aspects[i]);
  }
  return text;
}

std::string to_text(const DiffSummary& summary) {
  const std::string aspects = aspects_text(summary);
  return "members: " + std::to_string(summary.members) +  //
         "\nadded: " + std::to_string(summary.added) +
         "\naddedBytes: " + std::to_string(summary.added_bytes) +
         "\nremoved: " + std::to_string(summary.removed) +
         "\nremovedBytes: " + std::to_string(summary.removed_bytes) +
         "\nchanged: " + std::to_string(summary.changed) +
         "\nchangedBytes: " + std::to_string(summary.changed_bytes_before) + " -> " +
         std::to_string(summary.changed_bytes_after) +
         "\nchanges: " + (aspects.empty() ? "none" : aspects) +
         "\nsame: " + std::to_string(summary.same) + '\n';
}

void summary_member(Json& json, const DiffSummary& summary) {
  json.key("summary");
  json.begin_object();
  json.member("members", summary.members);
  json.member("added", summary.added);
  json.member("addedBytes", summary.added_bytes);
  json.member("removed", summary.removed);
  json.member("removedBytes", summary.removed_bytes);
  json.member("changed", summary.changed);
  json.member("changedBytesBefore", summary.changed_bytes_before);
  json.member("changedBytesAfter", summary.changed_bytes_after);
  json.key("changes");
  json.begin_object();
  for (std::size_t i = 0; i < kAspects; ++i)
    json.member(aspect_name(Aspect{static_cast<int>(i)}), summary.aspects[i]);
  json.end_object();
  json.member("same", summary.same);
  json.end_object();
}

// Writes what differs as it comes.
class Printer {
 public:
  // `only_summary`: nothing else is printed.
  Printer(Invocation& invocation, bool only_summary)
      : out_(invocation.out), is_json_(invocation.options.json), only_summary_(only_summary) {}

  void manifest(const std::vector<MemberChange>& changes) {
    if (is_json_) json_.begin_object();
    if (only_summary_) return;
    begin_array("manifest");
    for (const MemberChange& change : changes)
      add(change);
    end_array();
    begin_array("differences");
  }

  template <typename Change>
  void add(const Change& change) {
    if (only_summary_) return;
    if (!is_json_) {
      out_.write(to_text(change));
      return;
    }
    to_json(json_, change);
    out_.write(json_.take());
  }

  void finish(const DiffSummary& summary) {
    if (!is_json_) {
      if (only_summary_) out_.write(to_text(summary));
      return;
    }
    if (!only_summary_) end_array();
    summary_member(json_, summary);
    json_.end_object();
    out_.write(json_.take() += '\n');
  }

 private:
  void begin_array(const char* name) {
    if (!is_json_) return;
    json_.key(name);
    json_.begin_array();
  }
  void end_array() {
    if (is_json_) json_.end_array();
  }

  Output& out_;
  bool is_json_;
  bool only_summary_;
  Json json_;
};

struct Options {
  std::string before;
  std::string after;
  bool stat = false;
  bool times = false;
};

void run(const Options& options, Invocation& invocation) {
  const ImageArgument before = parse_image_argument(options.before);
  const ImageArgument after = parse_image_argument(options.after);
  Printer printer(invocation, options.stat);
  const DiffReports reports{
      .manifest = [&](const std::vector<MemberChange>& changes) { printer.manifest(changes); },
      .difference = [&](const Difference& difference) { printer.add(difference); }};
  const DiffSummary summary =
      diff(invocation.stores(), before, after, options.times, invocation.progress(), reports);
  printer.finish(summary);
  if (!summary.is_same()) invocation.diagnostics.set_status(kAnswerIsNo);
}

}  // namespace

Action declare_diff(Arguments& arguments) {
  const auto options = std::make_shared<Options>();
  arguments.positional("IMAGE", options->before, "a key or a reference: the first image");
  arguments.positional("OTHER", options->after, "the image that it is compared with");
  arguments.flag("--stat", options->stat, "only how much differs");
  arguments.flag("--times", options->times, "times of modification count as well");
  return [options](Invocation& invocation) { run(*options, invocation); };
}

}  // namespace acistore
