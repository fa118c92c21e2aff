using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Grid.Gateway.Admin;

/// <summary>
/// Reads a parameter of a route from the path as it was sent. The server decodes every escape but that of a slash, so that in what it has
/// decoded a model named <c>a/b</c> and one named <c>a%2Fb</c> look the same.
/// </summary>
internal static class PathSegment
{
    /// <summary>The segment that a parameter of the request's route stands for, decoded once.</summary>
    /// <param name="http">A request that an endpoint with such a parameter answers.</param>
    /// <param name="parameter">The parameter; it takes one whole segment.</param>
    public static string Read(HttpContext http, string parameter)
    {
        var pattern = ((RouteEndpoint)http.GetEndpoint()!).RoutePattern.PathSegments;
        var fromEnd = pattern.Count - IndexOf(pattern, parameter);
        // Counted from the end: before the path there may be a scheme and a host.
        var segments = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0].TrimEnd('/').Split('/');
        return Uri.UnescapeDataString(segments[^fromEnd]);
    }

    private static int IndexOf(IReadOnlyList<RoutePatternPathSegment> pattern, string parameter)
    {
        for (var i = 0; i < pattern.Count; i++)
            if (pattern[i].Parts is [RoutePatternParameterPart part] && part.Name == parameter) return i;
        throw new ArgumentException($"The route has no parameter '{parameter}'.", nameof(parameter));
    }
}
