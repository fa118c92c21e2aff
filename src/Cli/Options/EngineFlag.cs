using System.CommandLine;
using Grid.Cli.CommandLine;
using Grid.Primitives.Options;

namespace Grid.Cli.Options;

/// <summary>The flag of one row of the table of engine options; of a switch, the pair <c>--x</c> and <c>--no-x</c>.</summary>
internal sealed class EngineFlag
{
    private readonly Option _flag;
    private readonly Option<bool>? _off;

    /// <param name="defaultText">What happens without the flag, for the help text; null for the option's default.</param>
    public EngineFlag(EngineOption row, string? defaultText = null)
    {
        Row = row;
        var shown = defaultText ?? row.DefaultHelp ?? (row.Form == OptionForm.Json ? null : row.Default);
        if (row.IsPlanned) _flag = new PlannedFlag(row.Flag);
        else if (row.Form == OptionForm.Switch) (_flag, _off) = CreateSwitch(row);
        else _flag = CreateValue(row, shown is null ? row.Help : $"{row.Help} [default: {shown}]");
    }

    /// <summary>The option.</summary>
    public EngineOption Row { get; }

    /// <summary>The flag, or both of a pair.</summary>
    public IEnumerable<Option> Options => _off is null ? [_flag] : [_flag, _off];

    /// <summary>The value as typed; null if it is not given.</summary>
    /// <param name="result">A line without parse errors.</param>
    public string? Read(ParseResult result)
    {
        if (_off is not null && result.GetValue(_off)) return "false";
        if (result.GetResult(_flag) is not { Implicit: false } given) return null;
        return Row.Form == OptionForm.Switch ? "true" : given.Tokens[^1].Value;
    }

    private static (Option<bool> On, Option<bool> Off) CreateSwitch(EngineOption row)
    {
        var isOn = row.Default == "true";
        var on = Flags.Switch(row.Flag, $"{row.Help}{(isOn ? " [default: on]" : "")}");
        var off = Flags.Switch(row.OffFlag, $"Turn {row.Flag} off");
        off.Hidden = !isOn;
        off.Validators.Add(result =>
        {
            if (result.GetValue(on) && result.GetValue(off)) result.AddError($"At most one of {row.Flag} and {row.OffFlag} may be given.");
        });
        return (on, off);
    }

    private static Option<string> CreateValue(EngineOption row, string description)
    {
        var option = new Option<string>(row.Flag)
        {
            Description = description,
            HelpName = row.ValueName,
            CustomParser = result =>
            {
                var text = result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;
                if (!row.TrySet(new EngineOptions(), text, out _)) result.AddError(row.Fault(row.Flag, text));
                return text;
            },
        };
        if (row.ShortFlag is { } alias) option.Aliases.Add(alias);
        if (row.Choices.Count > 0) option.CompletionSources.Add([.. row.Choices]);
        return option;
    }
}
