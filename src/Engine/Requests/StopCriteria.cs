namespace Grid.Engine.Requests;

/// <summary>Decides when a request ends, in vLLM's order: min_tokens, EOS, stop ids, length.</summary>
internal static class StopCriteria
{
    /// <summary>Looks at the newest output token.</summary>
    /// <param name="request">With at least one output token.</param>
    /// <param name="maxModelLen">Tokens of prompt and output together, at most.</param>
    /// <param name="stopTokenId">The id of <c>stop_token_ids</c> that ends the request.</param>
    /// <returns>Why the request ends, or null.</returns>
    public static FinishReason? Check(Request request, int maxModelLen, out int? stopTokenId)
    {
        stopTokenId = null;
        var sampling = request.Source.Sampling;
        if (request.NumOutputTokens >= sampling.MinTokens)
        {
            var last = request.Tokens[^1];
            if (!sampling.IgnoreEos && Contains(request.Source.EosTokenIds, last)) return FinishReason.Stop;
            if (Contains(sampling.StopTokenIds, last))
            {
                stopTokenId = last;
                return FinishReason.Stop;
            }
        }

        return request.NumTokens >= maxModelLen || request.NumOutputTokens >= sampling.MaxTokens ? FinishReason.Length : null;
    }

    private static bool Contains(IReadOnlyList<int> ids, int id)
    {
        for (var i = 0; i < ids.Count; i++)
            if (ids[i] == id) return true;
        return false;
    }
}
