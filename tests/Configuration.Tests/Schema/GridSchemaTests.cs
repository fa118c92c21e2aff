using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grid.Configuration.Reading;
using Grid.Configuration.Writing;
using Grid.Configuration.Yaml;
using Grid.Primitives.Options;
using Grid.TestUtilities;
using NJsonSchema;

namespace Grid.Configuration.Tests.Schema;

public sealed class GridSchemaTests
{
    private static readonly string FilePath = Path.Combine(Fixtures.RepositoryRoot, "docs", "grid.schema.json");
    private static readonly string Text = File.ReadAllText(FilePath);

    private static IEnumerable<string> Supported =>
        EngineReader.Keys.Except(EngineOptionTable.Rows.Where(row => row.IsPlanned).Select(row => row.Key));

    [Fact]
    public void Schema_Keys_AreTheParsers()
    {
        var root = JsonNode.Parse(Text)!;
        var model = root["definitions"]!["model"]!;
        Assert.Equal(ConfigKeys.Root.Order(), KeysOf(root));
        Assert.Equal(ConfigKeys.Metadata.Order(), KeysOf(root["properties"]!["metadata"]!));
        Assert.Equal(ConfigKeys.Gateway.Order(), KeysOf(root["properties"]!["gateway"]!));
        Assert.Equal(ConfigKeys.Queue.Order(), KeysOf(root["properties"]!["gateway"]!["properties"]!["queue"]!));
        Assert.Equal(ConfigKeys.Resume.Order(), KeysOf(root["properties"]!["gateway"]!["properties"]!["resume"]!));
        Assert.Equal(ConfigKeys.Model.Order(), KeysOf(model));
        Assert.Equal(ConfigKeys.Autoscale.Order(), KeysOf(model["properties"]!["autoscale"]!));
        Assert.Equal(ConfigKeys.Placement.Order(), KeysOf(model["properties"]!["placement"]!));
        Assert.Equal(ConfigKeys.Sim.Order(), KeysOf(model["properties"]!["sim"]!));
        Assert.Equal(ConfigKeys.Parallelism.Order(), KeysOf(model["properties"]!["parallelism"]!["anyOf"]![1]!));
        Assert.Equal(Supported.Order(), KeysOf(model["properties"]!["engine"]!));
    }

    /// <summary>GRID_UPDATE_SCHEMA=1 writes the file instead.</summary>
    [Fact]
    public void Schema_Engine_IsTheTableOfOptions()
    {
        var root = JsonNode.Parse(Text)!;
        var engine = root["definitions"]!["model"]!["properties"]!["engine"]!["properties"]!.AsObject();
        var expected = EngineSchema.Properties();
        expected.Insert(0, EngineReader.ServedModelName, engine[EngineReader.ServedModelName]!.DeepClone());
        if (Environment.GetEnvironmentVariable("GRID_UPDATE_SCHEMA") == "1")
        {
            engine.ReplaceWith(expected);
            File.WriteAllText(FilePath,
                root.ToJsonString(
                new JsonSerializerOptions { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n");
            return;
        }

        Assert.Equal(expected.ToJsonString(), engine.ToJsonString());
    }

    [Theory]
    [InlineData("{name: m, source: sim, replicas: 2}")]
    [InlineData("{name: m, source: a/b, autoscale: {min: 0, max: 4, queuedTokens: 4096, kvUsage: 0.8, ttft: 500ms, upWindow: 15s, "
        + "downWindow: 5m, idle: 10m, activationTimeout: 2m}}")]
    [InlineData("{name: m, source: x.gguf, replicas: 1, parallelism: auto, drainTimeout: 1h30m, maxSurge: 2, minAvailable: 0}")]
    [InlineData("{name: m, source: sim, replicas: 1, parallelism: {tensor: 2, pipeline: 2, data: 1, expert: 1, pipelineLayers: [1, 2], "
        + "backend: grid}}")]
    [InlineData("{name: m, source: sim, replicas: 1, engine: {maxModelLen: 4k, dtype: auto, kvCacheMemoryBytes: 2GiB, servedModelName: "
        + "[m, n], batchInvariant: false, eplbConfig: {windowSize: 10}}}")]
    [InlineData("{name: m, source: sim, replicas: 1, placement: {nodeSelector: {zone: a}, spread: node, priority: 0}}")]
    [InlineData("{name: m, source: sim, replicas: 1, sim: {weights: 2GiB, load: 2s, prefillTokensPerSecond: 8000, step: 6ms, "
        + "stepPerSequence: 0.35ms, kvTokens: 524288, maxModelLen: 8192, vocab: 32000}}")]
    public async Task Schema_GoodModel_IsAcceptedByBoth(string model)
    {
        var (schemaFaults, parsed) = await JudgeAsync(model);

        Assert.Empty(schemaFaults);
        Assert.Empty(parsed.Faults);
        var written = (await JsonSchema.FromJsonAsync(Text, TestContext.Current.CancellationToken)).Validate(
            ConfigDocument.Of(parsed.Config!).ToJsonString());
        Assert.Empty(written);
    }

    [Theory]
    [InlineData("{name: m, source: sim}")]
    [InlineData("{name: m, source: sim, replicas: 1, autoscale: {max: 2}}")]
    [InlineData("{name: m, replicas: 1}")]
    [InlineData("{name: '..', source: sim, replicas: 1}")]
    [InlineData("{name: m, source: sim, replicas: -1}")]
    [InlineData("{name: m, source: sim, replicas: 1, sorce: x}")]
    [InlineData("{name: m, source: sim, replicas: 1, drainTimeout: soon}")]
    [InlineData("{name: m, source: sim, replicas: 1, engine: {dtype: int4}}")]
    [InlineData("{name: m, source: sim, replicas: 1, engine: {maxNumSeqs: 0}}")]
    [InlineData("{name: m, source: sim, replicas: 1, sim: {weights: 2GB}}")]
    [InlineData("{name: m, source: sim, autoscale: {min: 1}}")]
    public async Task Schema_BadModel_IsRefusedByBoth(string model)
    {
        var (schemaFaults, parsed) = await JudgeAsync(model);

        Assert.NotEmpty(schemaFaults);
        Assert.NotEmpty(parsed.Faults);
    }

    private static async Task<(ICollection<NJsonSchema.Validation.ValidationError> SchemaFaults, ParsedConfig Parsed)> JudgeAsync(
        string model)
    {
        var text = $"{{apiVersion: grid/v1, kind: Grid, models: [{model}]}}";
        var schema = await JsonSchema.FromJsonAsync(Text, TestContext.Current.CancellationToken);
        var json = JsonText.Of(YamlComposer.Compose(text, new FaultList("grid.yaml"))!);
        return (schema.Validate(json), GridConfigParser.Parse(text, "grid.yaml", "/", _ => false));
    }

    private static IEnumerable<string> KeysOf(JsonNode schema) => schema["properties"]!.AsObject().Select(pair => pair.Key).Order();
}
