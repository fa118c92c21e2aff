using System.Collections.Concurrent;
using Grid.Engine.Configuration;
using Grid.Engine.Tests.Models;
using Grid.TestUtilities;
using Grid.TestUtilities.Matrix;

namespace Grid.Engine.Tests.Parallelism.Matrix;

/// <summary>
/// Every family in every layout, one thread a shard, against the model on one device: text, tokens, finish reason and usage are the same;
/// logits too, bit for bit but for tensor shards. What the sizes do not allow is refused with the words of <see cref="StatedRefusals"/>.
/// </summary>
[Collection(nameof(OneThreadAShard))]
public sealed class LayoutMatrixTests
{
    private const double TensorParallelTolerance = 1e-5, CloseDraw = 1e-6;

    private static readonly ConcurrentDictionary<string, Lazy<Task<MatrixOutput[]>>> OneDevice = new();

    public static TheoryData<string, string> Cases()
    {
        var data = new TheoryData<string, string>();
        foreach (var family in Directory.GetDirectories(Fixtures.Own("hf")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .Append("guide-moe"))
            foreach (var layout in Layout.All) data.Add(family!, layout.Name);
        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public async Task Generate_InALayout_GivesWhatOneDeviceGives(string family, string layoutName)
    {
        var layout = Layout.Find(layoutName);
        var folder = family == "guide-moe" ? Fixtures.Model(family) : Fixtures.Own("hf/" + family);
        await MatrixReport.WriteAsync(family, layoutName, "inprocess", async () =>
        {
            if (StatedRefusals.Find(family, layoutName) is { } stated)
            {
                var refusal = await Assert.ThrowsAsync<ModelLoadException>(() => MatrixRun.OfAsync(folder, layout));
                Assert.Equal(ModelLoadFault.Layout, refusal.Kind);
                Assert.StartsWith(stated, refusal.Message, StringComparison.Ordinal);
                if (layout.Tensor > 1) Assert.Contains("--pipeline-parallel-size", refusal.Message, StringComparison.Ordinal);
                return $"refused ({stated})";
            }

            var expected = await OneDevice.GetOrAdd(family, _ => new(() => MatrixRun.OfAsync(folder, Layout.OneDevice))).Value;
            var actual = await MatrixRun.OfAsync(folder, layout);
            foreach (var (one, many) in expected.Zip(actual)) AssertSame(one, many, layout);
            return "ok";
        });
    }

    private static void AssertSame(MatrixOutput expected, MatrixOutput actual, Layout layout)
    {
        var name = expected.Request.Id;
        var same = expected.Tokens.AsSpan().CommonPrefixLength(actual.Tokens);
        var closeDraw = !layout.IsBitEqual && expected.Request.Sampling.Temperature > 0 && same < expected.Tokens.Length
            && expected.DistanceToABoundary(same) < CloseDraw;
        if (closeDraw)
            TestContext.Current.AddWarning($"{name}: token {same} was drawn within {CloseDraw} of a boundary, and came out otherwise.");
        else
        {
            Assert.Equal(expected.Tokens, actual.Tokens);
            Assert.Equal((expected.Text, expected.Finish, expected.CompletionTokens),
                (actual.Text, actual.Finish, actual.CompletionTokens));
            Assert.Equal(expected.Rows.Keys.Count(key => key.Request == name), actual.Rows.Keys.Count(key => key.Request == name));
        }

        var last = expected.Request.PromptTokenIds.Length - 1 + same;
        foreach (var (key, row) in expected.Rows.Where(item => item.Key.Request == name && item.Key.Position <= last))
            if (layout.IsBitEqual) Assert.True(row.AsSpan().SequenceEqual(actual.Rows[key]), $"Logits of {key} differ in their bits.");
            else Assert.True(Goldens.RelativeError(actual.Rows[key], row) < TensorParallelTolerance,
                $"Logits of {key} differ by {Goldens.RelativeError(actual.Rows[key], row):E2} of the largest.");
    }
}
