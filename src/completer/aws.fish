# Completion of `aws backup start-copy-job` for fish: aws_completer fish | source
function __aws_start_copy_job
    set -l current (commandline -ct | string replace -r '^["\']' '' | string unescape)
    set -l offered (aws_completer words (commandline -opc) "$current" 2>/dev/null | string trim --right)
    if test -n "$offered"
        printf '%s\n' $offered
    else # the files that fish offers behind any other word
        complete -C "__fish_command_without_completions "(commandline -ct)
    end
end
complete -c aws -f -a '(__aws_start_copy_job)'
