using System.CommandLine;

namespace Grid.Cli.CommandLine;

/// <summary>A pair <c>--x</c> and <c>--no-x</c> that is on where nothing is said; the two together are refused.</summary>
internal sealed class OnOffFlag
{
    private readonly Option<bool> _on;
    private readonly Option<bool> _off;

    /// <param name="name">Without dashes.</param>
    /// <param name="description">What it does when on.</param>
    public OnOffFlag(string name, string description)
    {
        _on = Flags.Switch($"--{name}", $"{description} [default: on]");
        _off = Flags.Switch($"--no-{name}", $"Turn off --{name}");
        _off.Validators.Add(result =>
        {
            if (result.GetValue(_on) && result.GetValue(_off))
                result.AddError($"At most one of --{name} and --no-{name} may be given; got both.");
        });
    }

    public IEnumerable<Option> Options => [_on, _off];

    public bool Read(ParseResult result) => !result.GetValue(_off);
}
