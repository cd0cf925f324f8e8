namespace KooDrive.Jobs.Streams.Cli.Commands;

/// <summary>The scripts that pass the command line up to the cursor to <see cref="CompleteCommand"/>.</summary>
internal static class CompletionScripts
{
    private const string Bash = """
        # For this shell:  source <(koojobs completion bash)
        # For all shells:  koojobs completion bash > ~/.local/share/bash-completion/completions/koojobs
        _koojobs() {
          local IFS=$'\n' line=${COMP_LINE:0:COMP_POINT}
          COMPREPLY=($(koojobs complete -- "$line" 2>/dev/null))
          if [[ ${line##* } == -*=* && $COMP_WORDBREAKS == *=* ]]; then COMPREPLY=("${COMPREPLY[@]#*=}"); fi
        }
        complete -o default -F _koojobs koojobs

        """;

    private const string Zsh = """
        #compdef koojobs
        # For this shell:  source <(koojobs completion zsh)
        # For all shells:  koojobs completion zsh > "${fpath[1]}/_koojobs"
        _koojobs() {
          local -a words_found
          words_found=("${(@f)$(koojobs complete -- "${(j: :)words[1,CURRENT-1]} $PREFIX" 2>/dev/null)}")
          if [[ -n "$words_found" ]]; then compadd -a words_found; else _files; fi
        }
        if [[ "$funcstack[1]" == _koojobs ]]; then _koojobs "$@"; else compdef _koojobs koojobs; fi

        """;

    private const string Fish = """
        # For this shell:  koojobs completion fish | source
        # For all shells:  koojobs completion fish > ~/.config/fish/completions/koojobs.fish
        complete -c koojobs -a '(koojobs complete -- (commandline -cp) 2>/dev/null)'

        """;

    private const string PowerShell = """
        # For this shell:  koojobs completion pwsh | Out-String | Invoke-Expression
        # For all shells:  koojobs completion pwsh >> $PROFILE
        Register-ArgumentCompleter -Native -CommandName koojobs -ScriptBlock {
          param($word, $ast, $position)
          $line = $ast.ToString().PadRight($position).Substring(0, $position)
          koojobs complete -- $line 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }

        """;

    /// <summary>The shells that have a script.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish", "pwsh"];

    /// <summary>Returns the script of a shell.</summary>
    public static string For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => PowerShell,
    };
}
