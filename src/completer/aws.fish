# Completion of `aws backup start-copy-job` for fish: aws_completer fish | source
function __aws_start_copy_job
    aws_completer words (commandline -opc) (commandline -ct) 2>/dev/null | string trim
end
complete -c aws -f -a '(__aws_start_copy_job)'
