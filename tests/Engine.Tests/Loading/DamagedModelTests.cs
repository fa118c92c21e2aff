using System.Text;
using Grid.Engine.Configuration;
using Grid.Engine.Loading;
using Grid.Engine.Models.Files;
using Grid.Engine.Tests.Weights;
using Grid.Primitives.Options;
using Grid.TestUtilities;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grid.Engine.Tests.Loading;

/// <summary>Whatever is wrong with a model's files, people read why: no other exception comes out, and the process lives.</summary>
public sealed class DamagedModelTests
{
    private const int Rounds = 40, Seed = 20260;

    [Theory]
    [InlineData("hf/qwen2")]
    [InlineData("hf/llama-yarn")]
    [InlineData("hf/opt-bin")]
    [InlineData("hf/qwen3-moe")]
    public void Load_DamagedFile_ThrowsModelLoadExceptionAtMost(string name)
    {
        var random = new Random(Seed);
        var files = Directory.GetFiles(Fixtures.Own(name))
            .Where(file => !Path.GetFileName(file).StartsWith("goldens", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        using var folder = new TemporaryFolder();
        foreach (var file in files) folder.Write(Path.GetFileName(file), File.ReadAllBytes(file));
        for (var round = 0; round < Rounds; round++)
        {
            var file = files[random.Next(files.Length)];
            var whole = File.ReadAllBytes(file);
            folder.Write(Path.GetFileName(file), Damage(whole, random, out var how));
            var thrown = Record.Exception(() => Load(folder.Path));
            Assert.True(thrown is null or ModelLoadException, $"Seed {Seed}, round {round}, {Path.GetFileName(file)}, {how}: {thrown}");
            folder.Write(Path.GetFileName(file), whole);
        }
    }

    private static void Load(string model)
    {
        var files = ModelFiles.Resolve(model);
        var config = files.ReadConfig();
        files.LoadTokenizer();
        files.ReadTokenizerConfig();
        files.ReadGenerationConfig();
        using var weights = files.OpenWeights(config);
        using var runner = ModelRunnerFactory.Create(config, weights, new EngineOptions { Model = model, DType = ModelDType.Float32 }, null,
            NullLogger.Instance);
    }

    // Mostly near the beginning, where headers are.
    private static byte[] Damage(byte[] whole, Random random, out string how)
    {
        var at = random.Next(random.Next(2) == 0 ? whole.Length : Math.Min(whole.Length, 600));
        var changed = whole.ToArray();
        switch (random.Next(5))
        {
            case 0:
                how = $"cut at {at}";
                return whole[..at];
            case 1:
                how = $"byte {at} inverted";
                changed[at] ^= 0xff;
                return changed;
            case 2:
                changed[at] = (byte)random.Next(' ', '~');
                how = $"byte {at} is '{(char)changed[at]}'";
                return changed;
            case 3:
                var count = Math.Min(random.Next(1, 9), whole.Length - at);
                how = $"{count} bytes missing at {at}";
                return [.. whole[..at], .. whole[(at + count)..]];
            default:
                string[] pieces = ["null", "-1", "1e400", "99999999999", "[[", "{}", "\"", "0", "true,", "\\ud800"];
                var piece = pieces[random.Next(pieces.Length)];
                how = $"'{piece}' inserted at {at}";
                return [.. whole[..at], .. Encoding.UTF8.GetBytes(piece), .. whole[at..]];
        }
    }
}
