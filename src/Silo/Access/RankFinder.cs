using System.Globalization;
using Grid.Abstractions.Http;
using Grid.Silo.Ranks;

namespace Grid.Silo.Access;

/// <summary>
/// Finds the rank that is to answer a request: the one that a gateway names, else the one with the least work under the model's name.
/// </summary>
internal sealed class RankFinder(SiloState state)
{
    /// <summary>The rank for a generation.</summary>
    /// <param name="context">The request, which carries the headers.</param>
    /// <param name="modelName">The model's name as in the body.</param>
    /// <param name="epoch">The epoch that a gateway asks for; null for any.</param>
    /// <exception cref="ApiException">No such model (404), rank or epoch (409), or it is still loading (503).</exception>
    public ServedRank Find(HttpContext context, string modelName, long? epoch)
    {
        var headers = context.Request.Headers;
        var named = state.TrustsCaller(context) ? headers[GridHeaders.Rank].ToString() : "";
        var rank = named.Length > 0
            ? Named(named, modelName)
            : LeastLoaded(modelName, headers[GridHeaders.DataParallelRank].ToString());
        if (epoch is not null && epoch != rank.Identity.Epoch)
            throw Stale($"Rank {rank.Id} is served at epoch {rank.Identity.Epoch}, and epoch {epoch} is asked for.");
        context.Response.Headers[GridHeaders.Rank] = RankHeader.Format(rank.Id);
        return rank;
    }

    /// <summary>Any rank of a model.</summary>
    /// <exception cref="ApiException">There is none (404), or it is still loading (503).</exception>
    public ServedRank Find(string modelName) => Of(modelName)[0];

    /// <summary>The name for a request without one: the model's, if only one is served.</summary>
    public string? OnlyModelName()
    {
        if (state.Options.ModelNames.Count > 0) return state.Options.ModelNames[0];
        string[] names = [.. state.Ranks.Ranks.Select(rank => rank.Identity.ModelNames[0]).Distinct()];
        return names.Length == 1 ? names[0] : null;
    }

    private static ApiException Stale(string message) =>
        new(StatusCodes.Status409Conflict, message, code: "stale_epoch") { MayRetry = true };

    private static string Shorten(string name) => name.Length <= 128 ? name : name[..128] + "...";

    private ServedRank Named(string id, string modelName)
    {
        var rank = RankHeader.TryParse(id, out var named) ? state.Ranks.Ranks.LastOrDefault(rank => rank.Id == named) : null;
        if (rank is null) throw Stale($"Rank {Shorten(id)} is not served here.");
        return rank.Identity.ModelNames.Contains(modelName) ? rank : throw Unknown(modelName);
    }

    private ServedRank LeastLoaded(string modelName, string number)
    {
        var ranks = Of(modelName);
        if (number.Length > 0)
        {
            var highest = ranks.Max(rank => rank.Identity.Rank);
            ranks = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted)
                ? [.. ranks.Where(rank => rank.Identity.Rank == wanted)]
                : [];
            if (ranks.Length == 0)
                throw ApiException.BadField(GridHeaders.DataParallelRank,
                    $"{GridHeaders.DataParallelRank} must be a rank of the model, 0 to {highest}; got '{Shorten(number)}'.");
        }

        // A draining one only where there is no other: it refuses.
        return ranks.OrderBy(rank => !rank.Accepting).ThenBy(rank => rank.Streams).First();
    }

    private ServedRank[] Of(string modelName)
    {
        ServedRank[] ranks = [.. state.Ranks.Ranks.Where(rank => rank.Identity.ModelNames.Contains(modelName))];
        if (ranks.Length > 0) return ranks;
        if (state.Options.ModelNames.Contains(modelName))
            throw new ApiException(StatusCodes.Status503ServiceUnavailable, $"The model '{modelName}' is still loading.",
                code: "no_ready_replica");
        throw Unknown(modelName);
    }

    private ApiException Unknown(string modelName)
    {
        var names = state.Options.ModelNames.Concat(state.Ranks.Ranks.SelectMany(rank => rank.Identity.ModelNames)).Distinct();
        return new ApiException(
            StatusCodes.Status404NotFound, $"The model '{Shorten(modelName)}' does not exist. Served here: {string.Join(", ", names)}.",
            "model", "model_not_found");
    }
}
