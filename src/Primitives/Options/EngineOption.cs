using System.Globalization;

namespace Grid.Primitives.Options;

/// <summary>One row of <see cref="EngineOptionTable"/>: an option of the engine, whatever the type of its value.</summary>
/// <param name="name">The flag without dashes, as vLLM has it: <c>max-num-seqs</c>.</param>
/// <param name="help">What it means, in a line of help.</param>
public abstract class EngineOption(string name, string help)
{
    private protected static readonly EngineOptions Defaults = new();

    /// <summary>The flag without dashes.</summary>
    public string Name => name;

    /// <summary>The flag: <c>--max-num-seqs</c>.</summary>
    public string Flag => $"--{name}";

    /// <summary>The flag that turns a switch off: <c>--no-enable-prefix-caching</c>.</summary>
    public string OffFlag => $"--no-{name}";

    /// <summary>The key under <c>engine:</c> in grid.yaml: <c>maxNumSeqs</c>.</summary>
    public string Key { get; } = KeyOf(name);

    /// <summary>vLLM's short flag, such as <c>-tp</c>; null if there is none.</summary>
    public string? ShortFlag { get; init; }

    /// <summary>What it means, in a line of help.</summary>
    public string Help => help;

    /// <summary>The default as help texts show it, where it is not a value: <c>the model's</c>.</summary>
    public string? DefaultHelp { get; init; }

    /// <summary>What follows the error message of some values; null for nothing.</summary>
    public Func<string, string?>? Hint { get; init; }

    /// <summary>The choices that this version knows and does not support.</summary>
    public IReadOnlyList<string> UnsupportedChoices { get; init; } = [];

    /// <summary>Whether grid.yaml has it under <c>parallelism:</c> as well.</summary>
    public bool IsLayout { get; init; }

    /// <summary>Whether this version knows only its name.</summary>
    public virtual bool IsPlanned => false;

    /// <summary>How its value is written.</summary>
    public abstract OptionForm Form { get; }

    /// <summary>What its value must be, for error messages.</summary>
    public abstract string Rule { get; }

    /// <summary>The name of its value in help texts.</summary>
    public abstract string ValueName { get; }

    /// <summary>The names of all choices; empty: it takes other values.</summary>
    public abstract IReadOnlyList<string> Choices { get; }

    /// <summary>Other names of some choices, such as vLLM's.</summary>
    public virtual IReadOnlyList<string> Synonyms => [];

    /// <summary>The least number.</summary>
    public abstract double Min { get; }

    /// <summary>The greatest number.</summary>
    public abstract double Max { get; }

    /// <summary>The default as text; null if nothing is set.</summary>
    public string? Default => TextOf(Defaults);

    /// <summary>Its value as text, in one spelling; null if nothing is set.</summary>
    public abstract string? TextOf(EngineOptions options);

    /// <summary>Sets it from a text; false where the text breaks the rule.</summary>
    public abstract bool TrySet(EngineOptions options, string text, out EngineOptions changed);

    /// <summary>The error message of a value that breaks the rule.</summary>
    /// <param name="place">The flag, or the key with its path.</param>
    /// <param name="value">The value as typed.</param>
    public string Fault(string place, string value) =>
        $"{place} must be {Rule}; got '{value}'.{(Hint?.Invoke(value) is { } hint ? " " + hint : "")}";

    /// <summary>The error message of a choice that this version does not support; null if it is supported.</summary>
    /// <param name="options">The options, this one among them.</param>
    public string? UnsupportedFault(EngineOptions options) => TextOf(options) is { } text && UnsupportedChoices.Contains(text)
        ? $"{Flag} {text} is not supported yet. Use {string.Join(" or ", Choices.Except(UnsupportedChoices))}."
        : null;

    private static string KeyOf(string name)
    {
        var words = name.Split('-');
        return words[0] + string.Concat(words.Skip(1).Select(word => char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..]));
    }
}

/// <summary>A row with the type of its value.</summary>
/// <typeparam name="T">The type of the property of <see cref="EngineOptions"/>.</typeparam>
/// <param name="name">The flag without dashes.</param>
/// <param name="type">How values are read and written.</param>
/// <param name="help">What it means, in a line of help.</param>
/// <param name="get">Reads the value from the options.</param>
/// <param name="set">The same options with another value of the property.</param>
internal sealed class EngineOption<T>(
    string name, OptionType<T> type, string help, Func<EngineOptions, T> get, Func<EngineOptions, T, EngineOptions> set)
    : EngineOption(name, help)
{
    /// <inheritdoc/>
    public override OptionForm Form => type.Form;

    /// <inheritdoc/>
    public override string Rule => type.Rule;

    /// <inheritdoc/>
    public override string ValueName => type.ValueName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Choices => type.Choices;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Synonyms => type.Synonyms;

    /// <inheritdoc/>
    public override double Min => type.Min;

    /// <inheritdoc/>
    public override double Max => type.Max;

    /// <inheritdoc/>
    public override string? TextOf(EngineOptions options) => type.Format(get(options));

    /// <inheritdoc/>
    public override bool TrySet(EngineOptions options, string text, out EngineOptions changed)
    {
        var read = type.Parse(text, out var value);
        changed = read ? set(options, value) : options;
        return read;
    }
}
