using Grid.Abstractions.Configuration;
using Grid.Configuration.Yaml;

namespace Grid.Configuration.Reading;

/// <summary>Reads one entry of models:.</summary>
/// <param name="sources">Makes relative paths of sources absolute.</param>
/// <param name="faults">The list that faults are added to.</param>
internal sealed class ModelReader(SourceResolver sources, FaultList faults)
{
    private const int MaxName = 256;
    private const int SmallestVocabulary = 257;

    private readonly EngineReader _engine = new(sources);

    /// <summary>The specification, with defaults for faulty values.</summary>
    public ModelSpec Read(ConfigNode node, string path)
    {
        var model = new Section(node, path, ConfigKeys.Model, faults);
        var engine = model.Child("engine", EngineReader.Keys, EngineReader.Refused);
        var name = Name(model);
        var source = model.Text("source", null);
        if (!model.Has("source")) model.Fault("source", "must be given: a folder, a .gguf file, owner/name on the hub, or sim.");
        var autoscale = model.Has("autoscale") ? Autoscale(model.Child("autoscale", ConfigKeys.Autoscale)) : null;
        var replicas = model.OptionalInteger("replicas", 0, GridConfigParser.MaxReplicas);
        if (model.Has("replicas") == model.Has("autoscale"))
            model.Fault(model.Has("replicas") ? "autoscale" : "replicas",
                $"exactly one of replicas and autoscale must be given; got {(model.Has("replicas") ? "both" : "none")}.");
        var options = _engine.Read(engine);
        return new ModelSpec(
            name,
            source is null ? "" : sources.Resolve(source),
            autoscale is null ? replicas ?? 1 : null,
            autoscale,
            MinAvailable(model, replicas, autoscale),
            model.Integer("maxSurge", 1, 1, GridConfigParser.MaxReplicas),
            model.Duration("drainTimeout", TimeSpan.FromMinutes(5), TimeSpan.Zero),
            ParallelismReader.Read(model, engine, options, faults),
            options is { Count: > 0 } ? options : null,
            EngineReader.Names(engine)?.Where(alias => alias != name).ToArray() is { Length: > 0 } aliases ? aliases : null,
            model.Has("placement") ? Placement(model.Child("placement", ConfigKeys.Placement)) : null,
            model.Has("sim") ? Sim(model.Child("sim", ConfigKeys.Sim)) : null);
    }

    /// <summary>
    /// The least ready replicas where the file does not say: one less than wanted but at least 1; 0 where none may be wanted.
    /// </summary>
    public static int DefaultMinAvailable(int least) => least == 0 ? 0 : Math.Max(1, least - 1);

    private static string Name(Section model)
    {
        var name = model.Text("name", null);
        if (!model.Has("name")) model.Fault("name", "must be given.");
        else if (name is not null && !IsName(name))
            model.Fault("name",
                $"must be 1 to {MaxName} characters, no control characters, no spaces at its ends, and not only dots; got '{name}'.");
        return name ?? "";
    }

    private static int MinAvailable(Section model, int? replicas, AutoscaleSpec? autoscale)
    {
        var most = autoscale?.Max ?? replicas ?? 1;
        var fallback = DefaultMinAvailable(autoscale?.Min ?? replicas ?? 1);
        var value = model.Integer("minAvailable", fallback, 0, GridConfigParser.MaxReplicas);
        if (value > most)
            model.Fault("minAvailable", $"must be at most {(autoscale is null ? "replicas" : "autoscale.max")} ({most}); got {value}.");
        return value;
    }

    private static AutoscaleSpec Autoscale(Section section)
    {
        var (least, most) = (section.Integer("min", 1, 0, GridConfigParser.MaxReplicas),
            section.Integer("max", 1, 1, GridConfigParser.MaxReplicas));
        if (!section.Has("max")) section.Fault("max", "must be given with autoscale.");
        else if (least > most) section.Fault("min", $"must be at most max ({most}); got {least}.");
        return new AutoscaleSpec(
            least,
            most,
            section.OptionalLong("queuedTokens", 1, long.MaxValue) ?? 4096,
            section.Number("kvUsage", 0.8, 0.01, 1),
            section.OptionalDuration("ttft", TimeSpan.FromMilliseconds(1)),
            section.Duration("upWindow", TimeSpan.FromSeconds(15), TimeSpan.Zero),
            section.Duration("downWindow", TimeSpan.FromMinutes(5), TimeSpan.Zero),
            section.Duration("idle", TimeSpan.FromMinutes(10), TimeSpan.FromMilliseconds(1)),
            section.Duration("activationTimeout", TimeSpan.FromMinutes(2), TimeSpan.FromMilliseconds(1)));
    }

    private static PlacementSpec Placement(Section section)
    {
        var selector = new Dictionary<string, string>();
        var labels = section.Child("nodeSelector", null);
        foreach (var (label, value) in labels.Values)
        {
            if (value is ScalarNode { IsNull: false } text) selector[label] = text.Text;
            else labels.Fault(label, $"must be a text; got {Section.Describe(value)}.");
        }

        return new PlacementSpec(selector.Count == 0 ? null : selector, section.Choice("spread", "node", ConfigKeys.Spreads),
            section.Integer("priority", 0, -1_000_000, 1_000_000));
    }

    private static SimSpec Sim(Section section)
    {
        var usual = new SimSpec();
        return new SimSpec(
            section.Bytes("weights", usual.WeightsBytes),
            section.Duration("load", TimeSpan.FromSeconds(usual.LoadSeconds), TimeSpan.Zero).TotalSeconds,
            section.Number("prefillTokensPerSecond", usual.PrefillTokensPerSecond, 1, 1e12),
            section.Duration("step", TimeSpan.FromMilliseconds(usual.StepMilliseconds), TimeSpan.Zero).TotalMilliseconds,
            section.Duration("stepPerSequence", TimeSpan.FromMilliseconds(usual.StepPerSequenceMilliseconds),
                TimeSpan.Zero).TotalMilliseconds,
            section.OptionalLong("kvTokens", 1, long.MaxValue) ?? usual.KVTokens,
            section.Integer("maxModelLen", usual.MaxModelLen, 1, int.MaxValue),
            section.Integer("vocab", usual.Vocab, SmallestVocabulary, int.MaxValue));
    }

    // The name is what requests say: a path or owner/name as typed, in any script.
    private static bool IsName(string name) =>
        name.Length is > 0 and <= MaxName && name.Trim() == name && !name.Any(char.IsControl) && name.Any(character => character != '.');
}
