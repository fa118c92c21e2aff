using System.Globalization;
using Grid.Abstractions.Http;
using Grid.Gateway.Ranks;

namespace Grid.Gateway.Forwarding;

/// <summary>Reads what a request asks of a rank.</summary>
internal static class RouteQueryReader
{
    /// <exception cref="ApiException">There is no model, or the rank is no number (400).</exception>
    public static RouteQuery Read(HttpRequest request, RequestHead head)
    {
        if (head.Model is not { } model) throw ApiException.BadField("model", "model is required and must be a string.");
        var session = request.Headers[GridHeaders.SessionId].ToString();
        return new RouteQuery
        {
            Model = model,
            Prompt = head.Prompt,
            PromptTokens = head.PromptTokens,
            Tokens = head.PromptTokens + ((long)head.NumChoices * head.MaxTokens),
            Session = session.Length == 0 ? null : RouteHash.Of(session, RouteHash.Of(model)),
            DataParallelRank = ReadRank(request.Headers[GridHeaders.DataParallelRank].ToString()),
        };
    }

    private static int? ReadRank(string given)
    {
        if (given.Length == 0) return null;
        if (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var rank)) return rank;
        throw ApiException.BadField(
            GridHeaders.DataParallelRank,
            $"{GridHeaders.DataParallelRank} must be a rank of the model, from 0; got "
                + $"'{(given.Length <= 40 ? given : given[..40] + "...")}'.");
    }
}
