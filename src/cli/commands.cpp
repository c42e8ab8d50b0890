// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"

#include <array>

namespace acistore {
namespace {

using enum StoreAccess;

constexpr std::array kCommands{
    Command{"import", "store images", kCreate, declare_import},
    Command{"seed", "make the store have what a lock file lists", kCreate, declare_seed},
    Command{"sync", "copy images from one store to another", kCreate, declare_sync},
    Command{"bundle", "carry several images in one file", kNone, nullptr},
    Command{"bundle create", "write images to a bundle", kRead, declare_bundle_create},
    Command{"bundle import", "store the images of a bundle", kCreate, declare_bundle_import},
    Command{"bundle list", "list the images of a bundle", kNone, declare_bundle_list},
    Command{"get", "find the image that matches a name and labels best", kRead, declare_get},
    Command{"resolve", "complete keys", kRead, declare_resolve},
    Command{"cat", "print a stored archive, or one file of it", kRead, declare_cat},
    Command{"export", "write a stored archive to a file", kRead, declare_export},
    Command{"extract", "unpack an image into a directory", kRead, declare_extract},
    Command{"render", "make the root file system of an image", kRead, declare_render},
    Command{"dump", "print the beginning of every value, by key", kRead, declare_dump},
    Command{"remote", "what is known of the URLs that images came from", kNone, nullptr},
    Command{"remote add", "add or replace a remote", kWrite, declare_remote_add},
    Command{"remote show", "print one remote", kRead, declare_remote_show},
    Command{"remote list", "print all remotes", kRead, declare_remote_list},
    Command{"remote rm", "forget remotes", kWrite, declare_remote_rm},
    Command{"manifest", "print the manifest of an image", kRead, declare_manifest},
    Command{"list", "list images", kRead, declare_list},
    Command{"ls", "list what is in an image", kRead, declare_ls},
    Command{"diff", "compare two images", kRead, declare_diff},
    Command{"info", "print all that is known of an image, or of the store", kRead, declare_info},
    Command{"exists", "tell by the exit status whether an image is there", kRead, declare_exists},
    Command{"batch", "answer many lookups, a line of JSON each", kRead, declare_batch},
    Command{"mark", "set or clear the latest mark of an image", kWrite, declare_mark},
    Command{"hash", "print the key of files without storing them", kNone, declare_hash},
    Command{"put", "store bytes that are no image", kCreate, declare_put},
    Command{"rm", "remove images", kWrite, declare_rm},
    Command{"pin", "keep an image from being removed", kWrite, declare_pin},
    Command{"unpin", "let a pinned image be removed again", kWrite, declare_unpin},
    Command{"gc", "remove images that are no longer used, and rubbish", kWrite, declare_gc},
    Command{"verify", "check what is stored against its keys", kRead, declare_verify},
    Command{"validate", "find departures of images from the specification", kRead,
            declare_validate},
    Command{"recover", "make the database anew from the blobs", kRepair, declare_recover},
    Command{"complete", "print what may come next on a command line", kRead, declare_complete},
};

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

}  // namespace acistore
