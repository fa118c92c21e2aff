using Grid.Engine.Requests;
using Grid.Engine.Tests.Devices;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Execution;

public sealed class BatchInvarianceTests
{
    private const int PromptLength = 77;
    private const int Seed = 1234;

    public static TheoryData<string, string> Checkpoints()
    {
        var data = new TheoryData<string, string>();
        foreach (var dtype in new[] { "float32", "bfloat16" })
        {
            foreach (var name in new[] { "llama-bias-headdim", "llama-bf16", "llama-yarn", "mistral-window", "gpt2", "opt-postnorm-proj",
                "mixtral", "qwen2-moe", "qwen3", "qwen3-moe" })
                data.Add(Fixtures.Own("hf/" + name), dtype);
            data.Add(Fixtures.Model("guide"), dtype);
        }
        return data;
    }

    [Theory, MemberData(nameof(Checkpoints))]
    public void Execute_AnyChunkAndBatch_GivesTheSameBits(string folder, string dtype)
    {
        CpuBFloat16.SkipUnlessComputed(dtype);
        var random = new Random(Seed);
        using var driver = new StepDriver(folder, dtype);
        var prompt = RandomIds(random, PromptLength);
        var alone = Compute(driver, prompt, PromptLength);
        foreach (var chunk in new[] { 1, 3, 16 }) AssertSameBits(alone, Compute(driver, prompt, chunk), $"chunks of {chunk}");
        driver.ShuffleBlocks(random);
        AssertSameBits(alone, Compute(driver, prompt, PromptLength), "other blocks");
        AssertSameBits(alone, ComputeAmongOthers(driver, prompt, random), $"a mixed batch (seed {Seed})");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(24)]
    [InlineData(32)]
    public void Execute_OtherBlockSize_AgreesWithTransformers(int blockSize)
    {
        var folder = Fixtures.Own("hf/mistral-window");
        using var driver = new StepDriver(folder, numBlocks: 256, blockSize: blockSize);
        var (prompt, greedy) = Grid.Engine.Tests.Models.Goldens.ReadTokens(folder)[3];
        var request = StepDriver.Start(prompt);
        Assert.Equal(greedy, driver.Greedy(request, greedy.Length).Select(step => step.Token));
    }

    private static float[][] Compute(StepDriver driver, int[] prompt, int chunk)
    {
        var request = StepDriver.Start(prompt);
        var logits = driver.Prefill(request, chunk);
        driver.Finish(request);
        return logits;
    }

    // Each step computes some tokens of the request between random pieces of others, which come and go.
    private static float[][] ComputeAmongOthers(StepDriver driver, int[] prompt, Random random)
    {
        var request = StepDriver.Start(prompt);
        var others = new List<Request>();
        var rows = new List<float[]>();
        while (request.NumComputedTokens < prompt.Length)
        {
            while (others.Count < random.Next(1, 9)) others.Add(StepDriver.Start(RandomIds(random, random.Next(1, 60))));
            var place = random.Next(others.Count + 1);
            var work = others.Select(other => (other, random.Next(1, other.NumTokens - other.NumComputedTokens + 1), random.Next(2)))
                .ToList();
            var count = random.Next(1, Math.Min(24, prompt.Length - request.NumComputedTokens) + 1);
            work.Insert(place, (request, count, count));
            var output = driver.Step([.. work]);
            var first = work.Take(place).Sum(item => item.Item3);
            for (var row = 0; row < count; row++) rows.Add(output[first + row].ToArray());
            foreach (var done in others.Where(other => other.NumComputedTokens == other.NumTokens).ToList())
            {
                driver.Finish(done);
                others.Remove(done);
            }
        }
        foreach (var other in others) driver.Finish(other);
        driver.Finish(request);
        return [.. rows];
    }

    private static int[] RandomIds(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(320))];

    private static void AssertSameBits(float[][] expected, float[][] actual, string how)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var row = 0; row < expected.Length; row++)
            for (var i = 0; i < expected[row].Length; i++)
                if (BitConverter.SingleToInt32Bits(expected[row][i]) != BitConverter.SingleToInt32Bits(actual[row][i]))
                    Assert.Fail($"With {how}, logit {i} of position {row} is {actual[row][i]:R} instead of {expected[row][i]:R}.");
    }
}
