using System.Text.Json;
using Grid.Engine.Tests.Devices;
using Grid.Engine.Tests.Models;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Execution;

[Collection(nameof(CudaDevice))]
public sealed class CudaModelRunnerTests
{
    private const double Tolerance = 1e-4;

    // Shares of the root mean square. bfloat16 has 8 bits, and a router near a tie may choose other experts.
    private const double BFloat16Tolerance = 0.1, RoutedTolerance = 0.3;

    public static TheoryData<string> Checkpoints() =>
        [.. Directory.GetDirectories(Fixtures.Own("hf")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Checkpoints))]
    public void Execute_Float32_AgreesWithTransformers(string name)
    {
        using var driver = Start(name, "float32");
        var folder = Fixtures.Own("hf/" + name);
        var goldens = Goldens.ReadTokens(folder);
        for (var i = 0; i < goldens.Length; i++)
        {
            Assert.InRange(WorstError(driver, folder, i, goldens[i].Prompt), 0, Tolerance);
            var request = StepDriver.Start(goldens[i].Prompt);
            Assert.Equal(goldens[i].Greedy, driver.Greedy(request, goldens[i].Greedy.Length).Select(step => step.Token));
            driver.Finish(request);
        }
    }

    [Theory, MemberData(nameof(Checkpoints))]
    public void Execute_BFloat16_StaysNearTransformers(string name)
    {
        using var driver = Start(name, "bfloat16");
        var folder = Fixtures.Own("hf/" + name);
        var tolerance = name.Contains("moe", StringComparison.Ordinal) || name == "mixtral" ? RoutedTolerance : BFloat16Tolerance;
        double difference = 0, size = 0;
        foreach (var (golden, (prompt, _)) in Goldens.ReadTokens(folder).Index())
        {
            foreach (var (expected, actual) in Goldens.ReadLogits(folder, golden).Zip(driver.Prefill(StepDriver.Start(prompt))))
            {
                difference += expected.Zip(actual, (a, b) => Math.Pow(a - b, 2)).Sum();
                size += expected.Sum(value => Math.Pow(value, 2));
            }
        }
        Assert.InRange(Math.Sqrt(difference / size), 0, tolerance);
    }

    [Theory]
    [InlineData("llama-yarn")]
    [InlineData("mistral-window")]
    [InlineData("opt")]
    [InlineData("qwen2-moe")]
    public void Execute_AllPromptsInOneBatch_AgreesWithTransformers(string name)
    {
        using var driver = Start(name, "float32");
        var goldens = Goldens.ReadTokens(Fixtures.Own("hf/" + name));
        var requests = goldens.Select(golden => StepDriver.Start(golden.Prompt)).ToArray();
        var steps = goldens[0].Greedy.Length;
        for (var step = 0; step < steps; step++)
        {
            var output = driver.Step([.. requests.Select(request => (request, request.NumTokens - request.NumComputedTokens, 1))]);
            for (var i = 0; i < requests.Length; i++) requests[i].Append(StepDriver.ArgMax(output[i]));
        }

        Assert.Equal(goldens.Select(golden => golden.Greedy), requests.Select(request => request.OutputTokens.ToArray()));
    }

    [Theory]
    [InlineData("guide", "float32")]
    [InlineData("guide", "bfloat16")]
    [InlineData("guide-moe", "float32")]
    [InlineData("guide-moe", "bfloat16")]
    public void Execute_Guide_GivesItsAnswers(string name, string dtype)
    {
        CudaDevice.SkipUnlessPresent();
        var folder = Fixtures.Model(name);
        using var driver = new StepDriver(folder, dtype, device: CudaDevice.Name);
        using var goldens = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "goldens.json")));
        foreach (var item in goldens.RootElement.GetProperty("cases").EnumerateArray())
        {
            var request = StepDriver.Start(Goldens.Ids(item, "ids"));
            var greedy = Goldens.Ids(item, "greedy");
            Assert.Equal(greedy, driver.Greedy(request, greedy.Length).Select(step => step.Token));
            driver.Finish(request);
        }
    }

    private static StepDriver Start(string name, string dtype)
    {
        CudaDevice.SkipUnlessPresent();
        return new(Fixtures.Own("hf/" + name), dtype, device: CudaDevice.Name);
    }

    private static double WorstError(StepDriver driver, string folder, int golden, int[] prompt)
    {
        var request = StepDriver.Start(prompt);
        var actual = driver.Prefill(request);
        driver.Finish(request);
        return Goldens.ReadLogits(folder, golden).Zip(actual, (expected, row) => Goldens.RelativeError(row, expected)).Max();
    }
}
