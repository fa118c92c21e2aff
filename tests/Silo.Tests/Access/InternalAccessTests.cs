using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grid.Abstractions.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Grid.Silo.Tests.Access;

/// <summary>What belongs to gateways alone.</summary>
public sealed class InternalAccessTests
{
    private const string Resume = "internal/v1/resume";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Internal_WithoutACertificate_IsNotThereAndHeadersDoNotCount()
    {
        await using var bed = await SiloTestBed.StartAsync(silo: options => options with { TrustLoopback = false });

        using var resume = await bed.Http.PostAsync(Resume, Json("{}"), Cancellation);
        var (status, error) = await SiloTestBed.ErrorOfAsync(resume);
        Assert.Equal((404, "not_found"), (status, error.GetProperty("code").GetString()));

        using var request = new HttpRequestMessage(HttpMethod.Post,
            "v1/completions")
        { Content = JsonContent.Create(new { model = "sim", prompt = "x" }) };
        request.Headers.Add(GridHeaders.Attempt, "0");
        request.Headers.Add(GridHeaders.Rank, "other/r0/dp0");
        request.Headers.Add(GridHeaders.Created, "1");
        using var answer = await bed.Http.SendAsync(request, Cancellation);
        Assert.Equal((HttpStatusCode.OK, "application/json"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.DoesNotContain("\"created\":1,", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Internal_WithKeys_IsForTheGatewayOfTheProcessAlone()
    {
        await using var bed = await SiloTestBed.StartAsync(silo: options => options with { ApiKeys = ["secret"], ProcessKey = "process" });
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(bed, ("Authorization", "Bearer secret")));
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(bed, (GridHeaders.ProcessKey, "other")));
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(bed, (GridHeaders.ProcessKey, "process")));
    }

    [Fact]
    public async Task Models_WithKeys_NeedOneAtTheSilosPortToo()
    {
        await using var bed = await SiloTestBed.StartAsync(silo: options => options with { ApiKeys = ["secret"], ProcessKey = "process" });
        using var refused = await bed.Http.GetAsync("/v1/models", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Add("Authorization", "Bearer secret");
        using var answer = await bed.Http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<HttpStatusCode> SendAsync(SiloTestBed bed, (string Name, string Value) header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Resume) { Content = Json("{}") };
        request.Headers.Add(header.Name, header.Value);
        using var answer = await bed.Http.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }

    [Fact]
    public async Task Internal_WithACertificate_IsThere()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var made =
            new CertificateRequest("CN=grid", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        await using var bed = await SiloTestBed.StartAsync(silo: options => options with
        {
            TrustLoopback = false,
            ConfigureListener = listener => listener.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = certificate,
                ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                ClientCertificateValidation = (given, _, _) => given.Thumbprint == certificate.Thumbprint,
            }),
        });
        using var trusted = Client(bed, certificate, [certificate]);
        using var stranger = Client(bed, certificate, []);

        using var answer = await trusted.PostAsync(Resume, Json("{}"), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("path is required", await answer.Content.ReadAsStringAsync(Cancellation));
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.PostAsync(Resume, Json("{}"), Cancellation));
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static HttpClient Client(SiloTestBed bed, X509Certificate2 server, X509CertificateCollection own) => new(new SocketsHttpHandler
    {
        SslOptions = { ClientCertificates = own,
            RemoteCertificateValidationCallback = (_, given, _, _) => given!.GetCertHashString() == server.Thumbprint },
    })
    {
        BaseAddress = new Uri($"https://{bed.Server.EndPoint}/"),
    };
}
