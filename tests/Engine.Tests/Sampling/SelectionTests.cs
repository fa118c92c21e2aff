using Grid.Engine.Sampling;

namespace Grid.Engine.Tests.Sampling;

public sealed class SelectionTests
{
    public static TheoryData<string> Shapes => ["random", "ascending", "descending", "equal", "few", "organ"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void KthLargest_OfEveryShape_IsTheSortedOne(string shape)
    {
        var values = Values(shape, 30_000);
        float[] sorted = [.. values.OrderDescending()];
        foreach (var k in new[] { 1, 2, 50, 1024, 5000, 29_999, 30_000 })
            Assert.Equal(sorted[k - 1], Selection.KthLargest(values, k, new float[Math.Min(values.Length, 2 * k + Selection.Slack)]));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Boundary_OfEveryShape_IsWhereTheSortedSumReachesTheTarget(string shape)
    {
        Candidate[] candidates = [.. Values(shape, 10_000).Select((value, id) => new Candidate(Math.Round(value) + 1, id))];
        var sorted = candidates.Order().ToArray();
        foreach (var target in new[] { 1, candidates.Sum(candidate => candidate.Weight) / 2,
            candidates.Sum(candidate => candidate.Weight) })
        {
            var sum = 0.0;
            var expected = sorted.First(candidate => (sum += candidate.Weight) >= target);
            Assert.Equal(expected, Selection.Boundary([.. candidates], target));
        }
    }

    [Fact]
    public void KthLargest_FewerFiniteValues_IsMinusInfinity() =>
        Assert.Equal(float.NegativeInfinity, Selection.KthLargest([1, float.NegativeInfinity, 2], 3, new float[3]));

    private static float[] Values(string shape, int count)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, count).Select(i => shape switch
        {
            "random" => random.Next(1 << 20) / 16f,
            "ascending" => i,
            "descending" => count - i,
            "equal" => 7,
            "few" => random.Next(3),
            _ => (float)Math.Min(i, count - i),
        })];
    }
}
