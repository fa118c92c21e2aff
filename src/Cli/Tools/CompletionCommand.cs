using System.CommandLine;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Tools;

/// <summary><c>grid completion SHELL</c>: a script that asks <c>grid</c> itself for the words that fit.</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = """
            _grid_complete() {
                local IFS=$'\n' words
                words=$(grid "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)
                COMPREPLY=($(compgen -W "${words}" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _grid_complete grid
            """,
        ["zsh"] = """
            #compdef grid
            _grid() {
                local -a words_that_fit
                words_that_fit=("${(@f)$(grid "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                compadd -a words_that_fit || _files
            }
            compdef _grid grid
            """,
        ["fish"] = """
            complete -c grid -a '(set -l line (commandline -cp); grid "[suggest:"(string length -- $line)"]" "$line" 2>/dev/null)'
            """,
        ["pwsh"] = """
            Register-ArgumentCompleter -Native -CommandName grid -ScriptBlock {
                param($word, $line, $position)
                grid "[suggest:$position]" "$line" 2>$null | Where-Object { $_ -like "$word*" } |
                    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
            }
            """,
    };

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh" };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        var verb = new Verb("completion", "Print a completion script for a shell")
        {
            Examples =
            [
                ("source <(grid completion bash)", "bash and zsh: for this session; put the line into ~/.bashrc or ~/.zshrc to keep it"),
                ("grid completion fish > ~/.config/fish/completions/grid.fish", "fish"),
                ("grid completion pwsh | Out-String | Invoke-Expression", "PowerShell"),
            ],
        };
        verb.Add(shell);
        verb.SetAction(result => result.InvocationConfiguration.Output.WriteLine(Scripts[result.GetRequiredValue(shell)]));
        return verb;
    }
}
