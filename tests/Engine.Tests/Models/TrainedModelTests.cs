using System.Runtime.InteropServices;
using System.Text.Json;
using Grid.Engine.Models.Files;
using Grid.Engine.Tests.Execution;
using Grid.Engine.Weights;
using Grid.Engine.Weights.Safetensors;
using Grid.TestUtilities;
using Grid.Tokenization.ChatTemplates;
using Grid.Tokenization.ChatTemplates.Rendering;

namespace Grid.Engine.Tests.Models;

public sealed class TrainedModelTests
{
    private const double Tolerance = 1e-4;

    // Below this gap between the best two logits, rounding may choose either.
    private const double CloseCall = 2e-4;

    private const double LikelihoodTolerance = 5e-3;

    [Theory]
    [InlineData("stories260K", int.MaxValue)]
    [InlineData("stories260K-mixtral", int.MaxValue)]
    [InlineData("stories260K.gguf", 128)]
    public void Execute_Stories_AgreesAtEveryPosition(string name, int positions)
    {
        var path = Fixtures.Shared("models/" + name);
        if (path is null) Assert.Skip($"The shared fixture models/{name} is absent.");
        using var driver = new StepDriver(path);
        for (var i = 0; i < 5; i++)
        {
            var (tokens, expected) = ReadOracle(Fixtures.Shared($"models/stories260K/oracle/p{i}.f32")!);
            var count = Math.Min(positions, tokens.Length);
            var request = StepDriver.Start(tokens[..count]);
            var actual = driver.Prefill(request, chunk: 50);
            for (var position = 0; position < count; position++)
            {
                var error = Goldens.RelativeError(actual[position], expected[position]);
                Assert.True(error < Tolerance, $"{name}: prompt {i}, position {position}: logits differ by {error:E2} of the largest.");
            }
            driver.Finish(request);
        }
    }

    [Theory]
    [InlineData("stories260K")]
    [InlineData("stories260K-mixtral")]
    public void Execute_Stories_ContinuesGreedily(string name)
    {
        var path = Fixtures.Shared("models/" + name);
        if (path is null) Assert.Skip($"The shared fixture models/{name} is absent.");
        using var driver = new StepDriver(path);
        using var oracle = JsonDocument.Parse(File.ReadAllText(Fixtures.Shared("models/stories260K/oracle/greedy.json")!));
        foreach (var item in oracle.RootElement.EnumerateArray())
        {
            int[] tokens = Goldens.Ids(item, "input_ids"), best = Goldens.Ids(item, "argmax");
            var prompt = Enumerable.Range(1, tokens.Length).Last(length => length == 1 || tokens[length - 1] != best[length - 2]);
            var request = StepDriver.Start(tokens[..prompt]);
            Assert.Equal(best[(prompt - 1)..], driver.Greedy(request, best.Length - prompt + 1).Select(step => step.Token));
            driver.Finish(request);
        }
    }

    [Theory]
    [InlineData("guide", "float32")]
    [InlineData("guide", "auto")]
    [InlineData("guide-moe", "float32")]
    [InlineData("guide-moe", "auto")]
    public void Execute_Guide_GivesItsAnswers(string name, string dtype)
    {
        var folder = Fixtures.Model(name);
        using var driver = new StepDriver(folder, dtype);
        using var goldens = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "goldens.json")));
        foreach (var item in goldens.RootElement.GetProperty("cases").EnumerateArray())
        {
            var request = StepDriver.Start(Goldens.Ids(item, "ids"));
            var greedy = Goldens.Ids(item, "greedy");
            var actual = driver.Greedy(request, greedy.Length);
            Assert.Equal(greedy, actual.Select(step => step.Token));
            driver.Finish(request);
        }
    }

    [Fact]
    public void Execute_SmolLM2_AgreesWithTransformers()
    {
        var folder = Fixtures.SharedModel("smollm2-135m-instruct");
        if (folder is null) Assert.Skip("The shared model smollm2-135m-instruct is absent.");
        using var driver = new StepDriver(Directory.GetFiles(folder, "*.gguf").Single());
        using var goldens = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "goldens.json")));
        using var file = new SafetensorsFile(Path.Combine(folder, "goldens.safetensors"));
        foreach (var item in goldens.RootElement.GetProperty("cases").EnumerateArray())
        {
            var name = item.GetProperty("name").GetString()!;
            var expected = Goldens.Vector(((IWeightSource)file).Find(name + ".last_logits")!);
            var request = StepDriver.Start(Goldens.Ids(item, "ids"));
            var greedy = Goldens.Ids(item, "greedy");
            var actual = driver.Greedy(request, greedy.Length);
            var error = Goldens.RelativeError(actual[0].Logits, expected);
            Assert.True(error < Tolerance, $"{name}: the last logits differ by {error:E2} of the largest.");
            for (var step = 0; step < greedy.Length && Gap(actual[step].Logits) >= CloseCall; step++)
                Assert.True(greedy[step] == actual[step].Token,
                    $"{name}: token {step} must be {greedy[step]} and is {actual[step].Token}.");
            driver.Finish(request);
            AssertLikelihoods(driver, item, name);
        }
    }

    [Fact]
    public void Prompts_SmolLM2_AreThoseOfTransformers()
    {
        var folder = Fixtures.SharedModel("smollm2-135m-instruct");
        if (folder is null) Assert.Skip("The shared model smollm2-135m-instruct is absent.");
        var files = ModelFiles.Resolve(folder);
        var tokenizer = files.LoadTokenizer();
        var template = ChatTemplate.Parse(files.ReadTokenizerConfig().ChatTemplate.Default!, "SmolLM2");
        using var goldens = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "goldens.json")));
        foreach (var item in goldens.RootElement.GetProperty("cases").EnumerateArray())
        {
            var text = item.TryGetProperty("text", out var plain) ? plain.GetString()! : item.GetProperty("rendered").GetString()!;
            if (item.TryGetProperty("messages", out var messages))
                Assert.Equal(text, template.Render(new ChatTemplateInput { Messages = messages, AddGenerationPrompt = true }));
            Assert.Equal(Goldens.Ids(item, "ids"), tokenizer.Encode(text, addSpecialTokens: false));
            Assert.Equal(item.GetProperty("greedy_text").GetString(),
                tokenizer.Decode(Goldens.Ids(item, "greedy"), skipSpecialTokens: true));
        }
    }

    private static void AssertLikelihoods(StepDriver driver, JsonElement item, string name)
    {
        var ids = Goldens.Ids(item, "ids");
        var request = StepDriver.Start(ids);
        var rows = driver.Prefill(request);
        driver.Finish(request);
        var expected = item.GetProperty("prompt_nll").EnumerateArray().Select(value => value.GetDouble()).ToArray();
        Assert.Equal(ids.Length - 1, expected.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            double max = rows[i].Max();
            var actual = max + Math.Log(rows[i].Sum(logit => Math.Exp(logit - max))) - rows[i][ids[i + 1]];
            Assert.True(Math.Abs(actual - expected[i]) < LikelihoodTolerance,
                $"{name}: the negative log-likelihood of token {i + 1} must be {expected[i]} and is {actual}.");
        }
    }

    private static double Gap(float[] logits)
    {
        var best = logits.OrderDescending().Take(2).ToArray();
        return (best[0] - best[1]) / logits.Max(Math.Abs);
    }

    private static (int[] Tokens, float[][] Logits) ReadOracle(string path)
    {
        const int Vocab = 512;
        var words = MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(path)).ToArray();
        var rows = words.Chunk(Vocab + 1).ToArray();
        return ([.. rows.Select(row => row[0])], [.. rows.Select(row => MemoryMarshal.Cast<int, float>(row.AsSpan(1)).ToArray())]);
    }
}
