# SPDX-License-Identifier: Apache-2.0
# What may come next on a command line of acistore, as the program itself tells it: acistore-complete(1).

function __acistore_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    # The name of an option, where the word is its value too: --store=DIR
    set -l option (string match -r '^--[^=]*=' -- $word)
    set -l value (string replace -r '^--[^=]*=' '' -- $word)
    for line in ($words[1] complete -- $words[2..-1] "$word" 2>/dev/null)
        switch $line
            case :files
                string replace -r -- '^' "$option" (__fish_complete_path "$value")
            case :directories
                string replace -r -- '^' "$option" (__fish_complete_directories "$value" '')
            case '*'
                echo $line
        end
    end
end

complete -c acistore -f -a '(__acistore_complete)'
