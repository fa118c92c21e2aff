using System.CommandLine;
using Grid.Cli.CommandLine;
using Grid.Cli.Loading;
using Grid.Cli.Options;
using Grid.Client;
using Grid.Client.Requests;

namespace Grid.Cli.Chat;

/// <summary><c>grid chat [MODEL] [--url URL]</c>.</summary>
internal static class ChatCommand
{
    public static Command Create()
    {
        var model = new Argument<string?>(
            "MODEL")
        {
            Description =
            "Folder, GGUF file, ORG/NAME, guide or sim; with --url a served name [default: guide, with --url the first served]",
            Arity = ArgumentArity.ZeroOrOne
        };
        var url = Flags.Text("--url", "URL", "Connect to a running server instead of loading a model");
        var apiKey = Flags.Text("--api-key", "KEY", "API key of that server [default: GRID_API_KEY]");
        var system = Flags.Text("--system-prompt", "TEXT", "System prompt");
        var sampling = new SamplingFlags();
        var engine = new EngineFlags();
        var verb = new Verb("chat", "Chat with a model; /exit or end of input quits, /clear forgets the conversation")
        {
            Examples =
            [
                ("grid chat", "chat with the embedded guide"),
                ("grid chat --url http://127.0.0.1:8000", "chat with a running server"),
                ("echo \"How do I drain a node?\" | grid chat", "one question; answers go to stdout, all else to stderr"),
            ],
            Variables = [("GRID_API_KEY", "key of the server"), ("VLLM_CPU_KVCACHE_SPACE", "size of the KV cache on CPU, in GiB")],
        };
        verb.Add(model);
        verb.Add([url, apiKey, system]);
        verb.Add(sampling.Options);
        verb.Add(engine.Options);
        verb.SetAction(async result =>
        {
            using var interruption = new Interruption();
            var options = engine.Read(result, EmbeddedModel.Resolve(result.GetValue(model)));
            if (result.GetValue(url) is not { } address)
            {
                var name = result.GetValue(model) ?? EmbeddedModel.Name;
                await using var server =
                    await LocalServer.StartAsync(options, name, result.InvocationConfiguration.Error, interruption.Token);
                return await TalkAsync(server.Client, server.Address, name);
            }

            if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                throw new CommandException($"--url must be an http address; got '{address}'.");
            using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            var client = new GridClient(http, uri, result.GetValue(apiKey) ?? Environment.GetEnvironmentVariable("GRID_API_KEY"));
            return await TalkAsync(client, uri,
                result.GetValue(model) ?? await ServerCalls.FirstModelAsync(client, uri, interruption.Token));

            Task<int> TalkAsync(GridClient client, Uri server, string name)
            {
                var template = sampling.Apply(result, new ChatRequest { Model = name, Messages = [] }, options.Seed);
                var session = new ChatSession(client, server, template, result.GetValue(system), result.InvocationConfiguration.Output,
                    result.InvocationConfiguration.Error);
                return session.RunAsync(Console.In, interruption.Token);
            }
        });
        return verb;
    }
}
