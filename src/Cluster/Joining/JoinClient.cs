using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Grid.Cluster.Joining;

/// <summary>The joiner's side of the exchange: one connection, one POST.</summary>
/// <param name="head">The address as HOST:PORT.</param>
/// <param name="pin">The head that must answer.</param>
internal sealed class JoinClient(string head, PinnedHead pin)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <param name="request">The request.</param>
    /// <param name="certificate">The node's certificate; null if it joins with a token.</param>
    /// <param name="cancellation">Cancels the call.</param>
    /// <exception cref="JoinException">The head refused, is another, or does not answer.</exception>
    public async Task<JoinGrant> AskAsync(JoinRequest request, X509Certificate2? certificate, CancellationToken cancellation)
    {
        JoinException? refused = null;
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        handler.SslOptions = new SslClientAuthenticationOptions
        {
            LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!,
            RemoteCertificateValidationCallback = (_, presented, _, _) => (refused = pin.Fault(presented as X509Certificate2)) is null,
        };
        using var http = new HttpClient(handler) { Timeout = Timeout };
        try
        {
            using var answer = await http.PostAsJsonAsync($"https://{head}{JoinJson.Path}", request, JoinJson.Options, cancellation);
            if (answer.IsSuccessStatusCode) return (await answer.Content.ReadFromJsonAsync<JoinGrant>(JoinJson.Options, cancellation))!;
            var refusal = await answer.Content.ReadFromJsonAsync<JoinRefusal>(JoinJson.Options, cancellation);
            throw new JoinException(refusal!.Code, refusal.Message);
        }
        catch (Exception fault) when (refused is not null && fault is not JoinException)
        {
            throw refused;
        }
        catch (Exception fault)
            when (fault is HttpRequestException or JsonException or IOException
                || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new JoinException(JoinFault.Unreachable,
                $"The head does not answer on its join port {head}: {(fault.InnerException ?? fault).Message}", fault);
        }
    }
}
