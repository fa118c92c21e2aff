using Grid.Client.Requests;

namespace Grid.Cli.Bench.Datasets;

/// <summary>vLLM's <c>random</c>: prompts of random tokens, lengths drawn evenly around their means.</summary>
internal sealed record RandomDataset
{
    /// <summary>Common words; their token ids are what prompts are made of, so that every id is one of the model's.</summary>
    public const string Words =
        "the of and to in is that it was for on are as with his they at be this from have or by one had not but what all were when we "
        + "there can an your " +
        "which their said if do will each about how up out them then she many some so these would other into has more her two like him "
            + "see time could no make than first been its who now people my made over did down only way find use may water long little "
            + "very after words called just where most know";

    public int InputLength { get; init; } = 1024;

    public int OutputLength { get; init; } = 128;

    /// <summary>Tokens that all prompts begin with.</summary>
    public int PrefixLength { get; init; }

    /// <summary>Lengths lie within mean x (1 - ratio) and mean x (1 + ratio); 0 to below 1.</summary>
    public double RangeRatio { get; init; }

    /// <summary>Prompts of token ids.</summary>
    /// <param name="ids">What to draw from; not empty.</param>
    /// <param name="count">The number of prompts to draw.</param>
    /// <param name="random">The source of randomness, seeded by the caller.</param>
    public IReadOnlyList<BenchPrompt> DrawIds(IReadOnlyList<int> ids, int count, Random random)
    {
        var prefix = Draw(ids, PrefixLength, random);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            int[] prompt = [.. prefix, .. Draw(ids, Length(InputLength, random), random)];
            return new BenchPrompt(Prompt.FromTokenIds(prompt), prompt.Length, Length(OutputLength, random));
        })];
    }

    /// <summary>Prompts of words, about one token each: for chats, which take no ids.</summary>
    public IReadOnlyList<BenchPrompt> DrawText(int count, Random random)
    {
        var words = Words.Split(' ');
        var prefix = Draw(words, PrefixLength, random);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            string[] prompt = [.. prefix, .. Draw(words, Length(InputLength, random), random)];
            return new BenchPrompt(Prompt.FromText(string.Join(' ', prompt)), prompt.Length, Length(OutputLength, random));
        })];
    }

    private static T[] Draw<T>(IReadOnlyList<T> pool, int count, Random random) =>
        [.. Enumerable.Range(0, count).Select(_ => pool[random.Next(pool.Count)])];

    private int Length(int mean, Random random) =>
        Math.Max(1, random.Next((int)Math.Floor(mean * (1 - RangeRatio)), (int)Math.Ceiling(mean * (1 + RangeRatio)) + 1));
}
