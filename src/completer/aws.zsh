#compdef aws
# Completion of `aws backup start-copy-job` for zsh, behind compinit: eval "$(aws_completer zsh)"
_aws_start_copy_job() {
    local -a offered
    offered=(${(f)"$(aws_completer words "${(@Q)words[1,CURRENT]}" 2>/dev/null)"})
    offered=(${offered% })
    compadd -a offered || _files
}
compdef _aws_start_copy_job aws
