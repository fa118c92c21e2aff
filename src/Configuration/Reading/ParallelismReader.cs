using System.Globalization;
using Grid.Abstractions.Configuration;
using Grid.Configuration.Yaml;
using Grid.Primitives.Options;

namespace Grid.Configuration.Reading;

/// <summary>Reads parallelism:, or the same said under engine: in the flags' names.</summary>
internal static class ParallelismReader
{
    private const int MaxSize = 65536;

    // A model of a grid is spread over its nodes, unlike a model of one process.
    private const ExecutorBackend DefaultBackend = ExecutorBackend.Grid;

    /// <summary>Reads it; null for auto. Sizes are taken out of <paramref name="options"/>, so that they are in one place.</summary>
    public static ParallelismSpec? Read(Section model, Section engine, Dictionary<string, string>? options, FaultList faults)
    {
        var given = EngineReader.LayoutRows.Where(row => engine.Has(row.Key)).Select(row => row.Key).ToArray();
        if (model.Find("parallelism") is not { } node) return given.Length == 0 ? null : FromEngine(engine, options);
        if (given.Length > 0) engine.Fault(given[0], "of parallelism and the layout keys of engine only one may be given; got both.");
        foreach (var key in given) options?.Remove(key);
        if (node is ScalarNode scalar)
        {
            if (scalar.Text != "auto")
                model.Fault("parallelism",
                    $"must be auto or a mapping of {string.Join(", ", ConfigKeys.Parallelism)}; got {Section.Describe(node)}.");
            return null;
        }

        var section = new Section(node, model.At("parallelism"), ConfigKeys.Parallelism, faults);
        var spec = new ParallelismSpec(
            false,
            section.Integer("tensor", 1, 1, MaxSize),
            section.Integer("pipeline", 1, 1, MaxSize),
            section.Integer("data", 1, 1, MaxSize),
            section.Integer("expert", 1, 1, MaxSize),
            Layers(section),
            EngineChoices.Backends.Parse(
                section.Choice("backend", EngineChoices.Backends.NameOf(DefaultBackend), [.. EngineChoices.Backends.Names])));
        CheckLayers(section, "pipelineLayers", spec);
        return spec;
    }

    private static ParallelismSpec FromEngine(Section engine, Dictionary<string, string>? options)
    {
        var wholeExperts = options?.GetValueOrDefault("enableExpertParallel") == "true" && !options.ContainsKey("expertParallelSize");
        var spec = new ParallelismSpec(
            false, Size("tensorParallelSize"), Size("pipelineParallelSize"), Size("dataParallelSize"), Size("expertParallelSize"),
            Partition(), Take("distributedExecutorBackend") is { } backend ? EngineChoices.Backends.Parse(backend) : DefaultBackend);
        CheckLayers(engine, "pipelineLayerPartition", spec);
        // The default of --expert-parallel-size.
        return wholeExperts ? spec with { Expert = spec.Tensor * spec.Data } : spec;

        string? Take(string key) => options is not null && options.Remove(key, out var text) ? text : null;

        int Size(string key) => Take(key) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 1;

        int[]? Partition() =>
            Take("pipelineLayerPartition")?.Split(',').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
    }

    private static int[]? Layers(Section section)
    {
        if (section.Items("pipelineLayers") is not { Count: > 0 } items) return null;
        var layers = items.Select(
            item => item is ScalarNode { Plain: true } scalar
            && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0).ToArray();
        if (layers.All(count => count > 0)) return layers;
        section.Fault("pipelineLayers", "must be a list of whole numbers of at least 1.");
        return null;
    }

    private static void CheckLayers(Section section, string key, ParallelismSpec spec)
    {
        if (spec.PipelineLayers is { } layers && layers.Length != spec.Pipeline)
            section.Fault(key, $"must have as many entries as pipeline stages ({spec.Pipeline}); got {layers.Length}.");
    }
}
