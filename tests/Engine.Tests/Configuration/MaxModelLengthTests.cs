using Grid.Engine.Configuration;
using Grid.Engine.Models.Files;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Configuration;

public sealed class MaxModelLengthTests
{
    [Theory]
    [InlineData("llama-bf16", 512)]
    [InlineData("llama-linear-tied", 1024)]
    [InlineData("llama-llama3rope", 512)]
    [InlineData("llama-yarn", 256)]
    [InlineData("gpt2", 256)]
    public void Derive_ByRopeType_AsVLLM(string fixture, int expected) => Assert.Equal(expected, MaxModelLength.Derive(Read(fixture)));

    [Fact]
    public void Derive_Dynamic_StretchesPositions()
    {
        var config = Read("llama-bf16");
        Assert.Equal(2048, MaxModelLength.Derive(config with { Rope = config.Rope! with { Type = "dynamic", Factor = 4 } }));
    }

    [Fact]
    public void Resolve_Requested_WithinTheLimit()
    {
        var config = Read("llama-linear-tied");
        Assert.Equal(1024, MaxModelLength.Resolve(config, null));
        Assert.Equal(1024, MaxModelLength.Resolve(config, -1));
        Assert.Equal(1000, MaxModelLength.Resolve(config, 1000));
    }

    [Theory]
    [InlineData(1025, "at most 1024 (max_position_embeddings 512 x linear factor 2); got 1025")]
    [InlineData(0, "at least 1, or -1 for the longest that fits; got 0")]
    [InlineData(-2, "got -2")]
    public void Resolve_OutsideTheLimit_StatesRuleLimitAndValue(int requested, string expected)
    {
        var error = Assert.Throws<ModelLoadException>(() => MaxModelLength.Resolve(Read("llama-linear-tied"), requested));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(ModelLoadFault.Layout, error.Kind);
    }

    private static ModelConfig Read(string fixture) => ModelConfigReader.Read(Fixtures.Own($"hf/{fixture}/config.json"));
}
