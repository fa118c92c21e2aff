using Grid.Engine.Tests.Execution;
using Grid.TestUtilities;

namespace Grid.Engine.Tests.Models;

public sealed class HuggingFaceGoldenTests
{
    private const double Tolerance = 1e-4;

    public static TheoryData<string, string> Checkpoints()
    {
        var data = new TheoryData<string, string>();
        foreach (var folder in Directory.GetDirectories(Fixtures.Own("hf"), "*").Order(StringComparer.Ordinal))
        {
            data.Add(Path.GetFileName(folder), "auto");
            data.Add(Path.GetFileName(folder), "eager");
        }
        return data;
    }

    [Theory, MemberData(nameof(Checkpoints))]
    public void Execute_Float32_AgreesWithTransformers(string name, string runner)
    {
        var folder = Fixtures.Own("hf/" + name);
        using var driver = new StepDriver(folder, runner: runner);
        var goldens = Goldens.ReadTokens(folder);
        for (var i = 0; i < goldens.Length; i++)
        {
            var (prompt, greedy) = goldens[i];
            var expected = Goldens.ReadLogits(folder, i);
            var request = StepDriver.Start(prompt);
            var actual = driver.Prefill(request);
            Assert.Equal(expected.Length, actual.Length);
            for (var position = 0; position < expected.Length; position++)
            {
                var error = Goldens.RelativeError(actual[position], expected[position]);
                Assert.True(error < Tolerance, $"{name}: prompt {i}, position {position}: logits differ by {error:E2} of the largest.");
            }
            driver.Finish(request);

            var again = StepDriver.Start(prompt);
            Assert.Equal(greedy, driver.Greedy(again, greedy.Length).Select(step => step.Token));
            driver.Finish(again);
        }
    }
}
