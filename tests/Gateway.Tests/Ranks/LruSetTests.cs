using Grid.Gateway.Ranks;

namespace Grid.Gateway.Tests.Ranks;

public sealed class LruSetTests
{
    [Fact]
    public void Touch_BeyondTheCapacity_ForgetsTheOldest()
    {
        var set = new LruSet(3);
        foreach (var hash in new ulong[] { 1, 2, 3, 1, 4 }) set.Touch(hash);
        Assert.Equal((3, true, false, true, true), (set.Count, set.Contains(1), set.Contains(2), set.Contains(3), set.Contains(4)));
    }

    [Fact]
    public void Set_UnderRandomUse_IsAsAListSays()
    {
        const int Seed = 3;
        var (random, set, list) = (new Random(Seed), new LruSet(16), new List<ulong>());
        for (var i = 0; i < 5000; i++)
        {
            var hash = (ulong)random.Next(40);
            list.Remove(hash);
            if (random.Next(4) == 0)
            {
                set.Remove(hash);
                continue;
            }

            set.Touch(hash);
            list.Add(hash);
            if (list.Count > 16) list.RemoveAt(0);
            Assert.True(list.Count == set.Count && list.All(set.Contains), $"seed {Seed}, step {i}");
        }
    }
}
