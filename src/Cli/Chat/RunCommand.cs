using System.CommandLine;
using Grid.Abstractions;
using Grid.Cli.CommandLine;
using Grid.Cli.Loading;
using Grid.Cli.Options;
using Grid.Client;
using Grid.Client.Requests;

namespace Grid.Cli.Chat;

/// <summary><c>grid run MODEL "prompt"</c>: one answer on stdout.</summary>
internal static class RunCommand
{
    private const string StandardInput = "-";

    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "Folder, GGUF file, ORG/NAME, guide or sim" };
        var prompt = new Argument<string>("PROMPT") { Description = "Prompt; - reads stdin" };
        var raw = Flags.Switch("--raw", "Complete the prompt as is, without a chat template");
        var output = Flags.Choice("--output", "text", ["text", "json"], "Print the text alone, or the API's response body");
        output.Aliases.Add("-o");
        var sampling = new SamplingFlags();
        var engine = new EngineFlags();
        var verb = new Verb("run", "Load a model, print one answer and exit")
        {
            Examples =
            [
                ("grid run guide \"What is tensor parallelism?\"", "ask the embedded guide"),
                ("grid run ./SmolLM2 \"Write a haiku.\" --temperature 0.7 --seed 1", "use a model's folder, with a fixed seed"),
                ("grid run facebook/opt-125m \"The capital of France is\" --raw --max-tokens 8", "complete a sentence"),
                ("git diff | grid run guide - -o json", "reads stdin, prints the API's body"),
            ],
            Variables = [("VLLM_CPU_KVCACHE_SPACE", "size of the KV cache on CPU, in GiB"),
                ("HF_HOME", "folder whose hub/ holds pulled models")],
        };
        verb.Add(model);
        verb.Add(prompt);
        verb.Add([raw, output]);
        verb.Add(sampling.Options);
        verb.Add(engine.Options);
        verb.SetAction(async result =>
        {
            using var interruption = new Interruption();
            var options = engine.Read(result, EmbeddedModel.Resolve(result.GetRequiredValue(model)));
            var text = result.GetRequiredValue(prompt);
            if (text == StandardInput) text = WithoutLastLineBreak(await Interruption.WaitAsync(Console.In.ReadToEnd, interruption.Token));
            var name = result.GetRequiredValue(model);
            await using var server = await LocalServer.StartAsync(options, name, result.InvocationConfiguration.Error, interruption.Token);
            GenerationRequest request = result.GetValue(raw)
                ? sampling.Apply(result, new CompletionRequest { Model = name, Prompt = Prompt.FromText(text) }, options.Seed)
                : sampling.Apply(result, new ChatRequest { Model = name, Messages = [new ChatMessage("user", text)] }, options.Seed);
            await ServerCalls.AskAsync(server.Address,
                () => AnswerAsync(server.Client, request, result.GetValue(output) == "json", result.InvocationConfiguration.Output,
                interruption.Token));
            return ExitCodes.Done;
        });
        return verb;
    }

    // What echo and most editors put at the end is not part of the question.
    private static string WithoutLastLineBreak(string text) => text switch
    {
        [.., '\r', '\n'] => text[..^2],
        [.., '\n'] => text[..^1],
        _ => text,
    };

    private static async Task<bool> AnswerAsync(GridClient client, GenerationRequest request, bool json, TextWriter output,
        CancellationToken cancellation)
    {
        var path = request is ChatRequest ? "v1/chat/completions" : "v1/completions";
        if (json)
        {
            output.WriteLine(await client.PostAsync(path, request, cancellation));
            return true;
        }

        await foreach (var chunk in client.StreamAsync(path, request, cancellation))
        {
            output.Write(chunk.Text);
            await output.FlushAsync(cancellation);
        }

        output.WriteLine();
        return true;
    }
}
