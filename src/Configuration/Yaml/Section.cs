using System.Globalization;
using Grid.Abstractions.Names;
using Grid.Primitives.Units;

namespace Grid.Configuration.Yaml;

/// <summary>
/// Reads the keys of one mapping. A missing value or null is read as the default; so is a faulty value, which is reported, so that
/// reading can continue.
/// </summary>
internal sealed class Section
{
    // Timers end at 49 days, and nobody waits for one.
    private static readonly TimeSpan MaxDuration = TimeSpan.FromHours(24);

    private readonly FaultList _faults;
    private readonly Dictionary<string, ConfigNode> _values = [];

    /// <param name="node">A mapping; null if all keys are missing.</param>
    /// <param name="path">The path of the mapping; empty for the document.</param>
    /// <param name="known">The allowed keys; null for any.</param>
    /// <param name="faults">The list that faults are added to.</param>
    /// <param name="refused">Keys that people expect here, each with the place where it belongs; null for none.</param>
    public Section(
        ConfigNode? node, string path, IReadOnlyCollection<string>? known, FaultList faults,
        IReadOnlyDictionary<string, string>? refused = null)
    {
        (Node, Path, _faults) = (node, path, faults);
        if (node is ScalarNode { IsNull: true } or null) return;
        if (node is not MappingNode mapping)
        {
            faults.Add(node, path, $"must be a mapping of keys; got {Describe(node)}.");
            return;
        }

        foreach (var (key, value) in mapping.Entries)
        {
            if (refused?.GetValueOrDefault(key.Text) is { } reason) faults.Add(key, At(key.Text), reason);
            else if (known is not null && !known.Contains(key.Text)) faults.Add(key, At(key.Text), Unknown(known, key.Text));
            else if (!_values.TryAdd(key.Text, value)) faults.Add(key, At(key.Text), "a key must be given once; got a second one.");
        }
    }

    public ConfigNode? Node { get; }

    public string Path { get; }

    /// <summary>Keys that are known and given, with what they hold.</summary>
    public IEnumerable<KeyValuePair<string, ConfigNode>> Values => _values;

    public string At(string key) => Path.Length == 0 ? key : $"{Path}.{key}";

    /// <summary>Whether a key is given and not null.</summary>
    public bool Has(string key) => Find(key) is not null;

    public ConfigNode? Find(string key) => _values.GetValueOrDefault(key) is { } node and not ScalarNode { IsNull: true } ? node : null;

    public Section Child(string key, IReadOnlyCollection<string>? known, IReadOnlyDictionary<string, string>? refused = null) =>
        new(Find(key), At(key), known, _faults, refused);

    /// <summary>Reports that a key's value breaks a rule.</summary>
    public void Fault(string key, string message)
    {
        if ((Find(key) ?? Node) is { } at) _faults.Add(at, At(key), message);
    }

    public string? Text(string key, string? fallback) =>
        Read(key, "a text (quote it where it looks like a number)", fallback, (ScalarNode node, out string? value) =>
        {
            value = node.Text;
            return value.Length > 0
                && !(node.Plain
                && (IsTruth(node.Text) || double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)));
        });

    public string Choice(string key, string fallback, string[] values) =>
        Read(key, $"one of {string.Join(", ", values)}", fallback,
        (ScalarNode node, out string? value) => (value = Array.Find(values, known => known == node.Text)) is not null)!;

    public int Integer(string key, int fallback, int min, int max) => OptionalInteger(key, min, max) ?? fallback;

    public int? OptionalInteger(string key, int min, int max) => (int?)OptionalLong(key, min, max);

    public long? OptionalLong(string key, long min, long max) =>
        Read<long?>(key, $"a whole number from {min} to {max}", null, (ScalarNode node, out long? value) =>
        {
            var good = long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && node.Plain;
            value = number;
            return good && number >= min && number <= max;
        });

    public double Number(string key, double fallback, double min, double max) =>
        Read(key, string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"), fallback,
        (ScalarNode node, out double value) =>
            double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && node.Plain && value >= min
            && value <= max);

    public TimeSpan Duration(string key, TimeSpan fallback, TimeSpan min) => OptionalDuration(key, min) ?? fallback;

    public TimeSpan? OptionalDuration(string key, TimeSpan min) =>
        Read<TimeSpan?>(key, RuleOf(key, min), null, (ScalarNode node, out TimeSpan? value) =>
        {
            var good = Primitives.Units.Duration.TryParse(node.Text, out var time);
            value = time;
            return good && time >= min && time <= MaxDuration;
        });

    private string RuleOf(string key, TimeSpan min) =>
        Find(key) is ScalarNode node && Primitives.Units.Duration.TryParse(node.Text, out var time) && time > MaxDuration
            ? $"a duration of at most {Primitives.Units.Duration.Format(MaxDuration)}"
            : min > TimeSpan.Zero
            ? $"{Primitives.Units.Duration.Rule}, at least {Primitives.Units.Duration.Format(min)}"
            : Primitives.Units.Duration.Rule;

    public long Bytes(string key, long fallback) =>
        Read(key, ByteSize.Rule, fallback, (ScalarNode node, out long value) => ByteSize.TryParse(node.Text, out value) && value > 0);

    /// <summary>The items of a list; empty where it is missing.</summary>
    public IReadOnlyList<ConfigNode> Items(string key)
    {
        if (Find(key) is not { } node) return [];
        if (node is ListNode list) return list.Items;
        _faults.Add(node, At(key), $"must be a list; got {Describe(node)}.");
        return [];
    }

    /// <summary>A value as an error text shows it.</summary>
    public static string Describe(ConfigNode node) => node switch
    {
        ScalarNode { IsNull: true } => "nothing",
        ScalarNode scalar => $"'{scalar.Text}'",
        ListNode => "a list",
        _ => "a mapping",
    };

    public static bool IsTruth(string text) => text is "true" or "false" or "True" or "False" or "TRUE" or "FALSE";

    private static string Unknown(IReadOnlyCollection<string> known, string key) =>
        known.Count == 0 ? "unknown key; none is known here." : $"unknown key; the nearest known one is {NearestName.Find(key, known)}.";

    private T? Read<T>(string key, string rule, T? fallback, Reader<T> reader)
    {
        if (Find(key) is not { } node) return fallback;
        if (node is ScalarNode scalar && reader(scalar, out var value)) return value;
        _faults.Add(node, At(key), $"must be {rule}; got {Describe(node)}.");
        return fallback;
    }

    private delegate bool Reader<T>(ScalarNode node, out T? value);
}
