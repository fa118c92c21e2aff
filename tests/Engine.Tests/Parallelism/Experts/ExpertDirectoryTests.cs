using Grid.Engine.Parallelism.Experts;

namespace Grid.Engine.Tests.Parallelism.Experts;

public sealed class ExpertDirectoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void Find_SeveralExpertsWithCopiesAskedTogether_SharesEachOutEvenly(int together)
    {
        int[][] holders = [.. Enumerable.Range(0, together).Select(_ => new[] { 0, 1, 2 })];
        var directory = new ExpertDirectory(new ExpertPlacement([holders]), ["ep0", "ep1", "ep2"]);
        for (var number = 0; number < 3; number++) directory.Replace(number, new Shard(number));
        var asked = new int[together, 3];
        for (var call = 0; call < 300; call++)
            for (var expert = 0; expert < together; expert++) asked[expert, directory.Find(0, expert)!.Number]++;
        Assert.All(asked.Cast<int>(), count => Assert.InRange(count, 90, 110));
    }

    private sealed class Shard(int number) : IExpertShard
    {
        public string Name => $"ep{number}";

        public int Number => number;

        public bool IsAlive => true;

        public void Submit(ExpertCall call) => throw new NotSupportedException();

        public Task<long[]> GetLoadAsync() => throw new NotSupportedException();

        public Task PrepareAsync(ExpertPlacement placement) => throw new NotSupportedException();

        public Task PlaceAsync(ExpertPlacement placement) => throw new NotSupportedException();

        public Task TrimAsync() => throw new NotSupportedException();
    }
}
