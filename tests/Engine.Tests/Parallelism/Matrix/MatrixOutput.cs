using Grid.Engine.Requests;
using Grid.Engine.Sampling;

namespace Grid.Engine.Tests.Parallelism.Matrix;

/// <summary>What one request gave, with the logits behind it.</summary>
internal sealed record MatrixOutput(EngineRequest Request, string Text, int[] Tokens, string Finish, int CompletionTokens,
    IReadOnlyDictionary<(string Request, int Position), float[]> Rows)
{
    /// <summary>The row that an output token was taken from.</summary>
    public float[] RowOf(int token) => Rows[(Request.Id, Request.PromptTokenIds.Length - 1 + token)];

    /// <summary>How far the random number of an output token stands from the nearest boundary between two ids.</summary>
    public double DistanceToABoundary(int token)
    {
        var row = RowOf(token);
        var state = new SamplingState(Request, Tokens.AsSpan(0, token));
        var u = Philox.Uniform(Request.Sampling.Seed!.Value, token, Request.Choice);
        var (sum, least) = (0.0, double.MaxValue);
        foreach (var probability in new Sampler(row.Length).Probabilities(row, state))
            least = Math.Min(least, Math.Abs((sum += probability) - u));
        return least;
    }
}
