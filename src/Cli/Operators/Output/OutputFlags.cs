using System.CommandLine;
using Grid.Cli.CommandLine;

namespace Grid.Cli.Operators.Output;

/// <summary>-o, and --watch of verbs that list.</summary>
internal sealed class OutputFlags
{
    private readonly Option<string> _form = Flags.Choice("--output", "table", ["table", "wide", "json", "yaml"], "Output format");
    private readonly Option<bool>? _watch;

    public OutputFlags(bool watchable)
    {
        _form.Aliases.Add("-o");
        if (!watchable) return;
        _watch = Flags.Switch("--watch", "Print the result again at each change until interrupted; json: one document per line");
        _watch.Aliases.Add("-w");
    }

    public IEnumerable<Option> Options => _watch is null ? [_form] : [_form, _watch];

    public OutputForm Form(ParseResult result) => Enum.Parse<OutputForm>(result.GetRequiredValue(_form), ignoreCase: true);

    public bool Watches(ParseResult result) => _watch is not null && result.GetValue(_watch);
}
