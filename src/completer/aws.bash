# Completion of `aws backup start-copy-job` for bash: eval "$(aws_completer bash)"
_aws_start_copy_job() {
    local IFS=$'\n'
    COMPREPLY=($(aws_completer words "${COMP_WORDS[@]:0:COMP_CWORD}" "$2" 2>/dev/null))
    [ ${#COMPREPLY[@]} -eq 0 ] || COMPREPLY=($(printf '%q\n' "${COMPREPLY[@]% }"))
}
complete -o default -F _aws_start_copy_job aws
