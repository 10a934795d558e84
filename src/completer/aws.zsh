#compdef aws
# Completion of `aws backup start-copy-job` for zsh, behind compinit: eval "$(aws_completer zsh)"
# or, before compinit, in a folder of fpath: aws_completer zsh > ~/.zfunc/_aws
_aws_start_copy_job() {
    local -a offered
    offered=(${(f)"$(aws_completer words "${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)"})
    offered=(${offered% })
    compadd -a offered || _files
}
if [[ $funcstack[1] = _aws ]]; then
    _aws_start_copy_job "$@"
else
    compdef _aws_start_copy_job aws
fi
