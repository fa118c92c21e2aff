using System.Runtime.InteropServices;
using System.Text.Json;
using Grid.Engine.Configuration;
using Grid.Engine.Models.Families;
using Grid.Engine.Models.Files;
using Grid.Engine.Offline;
using Grid.Engine.Planning;
using Grid.Engine.Requests;
using Grid.Engine.Tests.Parallelism;
using Grid.Engine.Tests.Weights;
using Grid.Engine.Tests.Weights.Safetensors;
using Grid.Engine.Validation;
using Grid.Primitives.Options;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Models.Families;

/// <summary>A model family is one file: <see cref="ToyFamily"/> is read, checked, planned and served without any other change.</summary>
[Collection(nameof(OneThreadAShard))]
public sealed class ToyFamilyTests : IDisposable
{
    private const int Vocab = 320, Width = 32, Inner = 48, Depth = 2, Positions = 64;

    private readonly TemporaryFolder _folder = new();

    static ToyFamilyTests() => ModelRegistry.Register(new ToyFamily());

    public ToyFamilyTests()
    {
        _folder.Write("config.json", $$"""
            {"architectures":["ToyForCausalLM"],"vocab":{{Vocab}},"width":{{Width}},"inner":{{Inner}},"depth":{{Depth}},
             "heads":4,"dtype":"float32"}
            """);
        _folder.Write("model.safetensors", Checkpoint());
    }

    private EngineOptions Options => new()
    {
        Model = _folder.Path,
        Tokenizer = Fixtures.Own("hf/llama-bf16"),
        DType = ModelDType.Float32,
        CpuThreads = 1,
        NumGpuBlocksOverride = 16,
        MaxNumBatchedTokens = 32,
    };

    [Fact]
    public void ReadConfig_KeysOfItsOwn_AreRead()
    {
        var config = ModelFiles.Resolve(_folder.Path).ReadConfig();

        Assert.Equal(("ToyForCausalLM", "toy", 8, Positions),
            (config.Architecture, config.ModelType, config.HeadDim, config.MaxPositionEmbeddings));
        Assert.Equal([0], config.EosTokenIds);
    }

    [Fact]
    public void Validate_WidthThatDoesNotDivide_IsNamedAsInItsConfig()
    {
        var config = ModelFiles.Resolve(_folder.Path).ReadConfig() with { IntermediateSize = 47 };

        var fault =
            Assert.Throws<ModelLoadException>(() => EngineOptionsValidator.Validate(config, Options with { TensorParallelSize = 2 }));

        Assert.StartsWith("inner (47) must be divisible by tensor parallel size (2).", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_TwoSmallDevices_DivideIt()
    {
        var profile = ModelProfile.Read(Options);
        Assert.Equal(profile.StoredElements, profile.CountedElements);

        var memory = profile.WeightsBytes * 3 / 4;
        var options = new EngineOptions { MaxModelLen = 16, GpuMemoryUtilization = 1 };
        var plan = ParallelismPlanner.Plan(profile, DeviceInventory.Uniform(1, 2, memory), options);

        Assert.True(plan.Fits);
        Assert.Equal(2, plan.Layout.WorldSize);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    public void Generate_OverShards_GivesWhatOneDeviceGives(int tensor, int pipeline)
    {
        var expected = Generate(Options);
        var actual = Generate(Options with { TensorParallelSize = tensor, PipelineParallelSize = pipeline });

        Assert.Equal(expected, actual);
        Assert.True(expected.SelectMany(tokens => tokens).Distinct().Count() > 4, "The toy says one word only.");
        Assert.Equal(expected, Generate(Options with { Runner = RunnerKind.Eager }));
    }

    public void Dispose() => _folder.Dispose();

    private static List<int[]> Generate(EngineOptions options)
    {
        using var llm = new LLM(options.Model, options);
        var sampling = new SamplingParams { Temperature = 0, MaxTokens = 12, IgnoreEos = true };
        int[][] prompts = [[1, 2, 3], [200, 100], [17, 4, 17, 4, 17]];
        return [.. llm.Generate(prompts, sampling).Select(output => output.Outputs[0].TokenIds.ToArray())];
    }

    private static byte[] Checkpoint()
    {
        var tensors = new List<(string Name, int[] Shape)>
        {
            ("tokens.weight", [Vocab, Width]), ("positions.weight", [Positions, Width]), ("norm.weight", [Width]),
                ("lm_head.weight", [Vocab, Width]),
        };
        for (var layer = 0; layer < Depth; layer++)
        {
            foreach (var name in (string[])["first_norm", "second_norm"]) tensors.Add(($"{layer}.{name}.weight", [Width]));
            foreach (var name in (string[])["query", "key", "value", "output"]) tensors.Add(($"{layer}.{name}.weight", [Width, Width]));
            tensors.Add(($"{layer}.up.weight", [Inner, Width]));
            tensors.Add(($"{layer}.down.weight", [Width, Inner]));
        }

        var random = new Random(5);
        var (header, data) = (new Dictionary<string, object>(), new List<byte>());
        foreach (var (name, shape) in tensors)
        {
            var values = new float[shape.Aggregate(1, (product, dimension) => product * dimension)];
            for (var i = 0; i < values.Length; i++) values[i] = shape.Length == 1 ? 1 : (random.NextSingle() - 0.5f) * 0.6f;
            header[name] = new { dtype = "F32", shape, data_offsets = (int[])[data.Count, data.Count + values.Length * sizeof(float)] };
            data.AddRange(MemoryMarshal.AsBytes(values.AsSpan()));
        }

        return SafetensorsFileTests.Make(JsonSerializer.Serialize(header), [.. data]);
    }
}
