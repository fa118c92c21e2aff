using System.Text;
using Grid.Abstractions;
using Grid.Cli.CommandLine;
using Grid.Client;
using Grid.Client.Requests;

namespace Grid.Cli.Chat;

/// <summary>A conversation: a line in, an answer out, until <c>/exit</c> or the end of input.</summary>
/// <param name="client">The client of the server.</param>
/// <param name="address">The server's address, for error messages.</param>
/// <param name="template">Model and sampling of every request.</param>
/// <param name="systemPrompt">First message, or null.</param>
/// <param name="output">The writer of answers.</param>
/// <param name="notes">The writer of everything else.</param>
internal sealed class ChatSession(GridClient client, Uri address, ChatRequest template, string? systemPrompt, TextWriter output,
    TextWriter notes)
{
    private readonly List<ChatMessage> _messages = [];

    /// <summary>Talks until the end.</summary>
    /// <returns>0, also after questions that failed: they were answered with their error.</returns>
    /// <exception cref="CommandException">The server is unreachable, wants a key or lacks the model: no other question would fare
    /// better.</exception>
    public async Task<int> RunAsync(TextReader input, CancellationToken cancellation)
    {
        Clear();
        while (true)
        {
            if (!Console.IsInputRedirected) notes.Write("> ");
            var line = await Interruption.WaitAsync(input.ReadLine, cancellation);
            switch (line?.Trim())
            {
                case null or "/exit": return ExitCodes.Done;
                case "": continue;
                case "/clear": Clear(); continue;
                case var question: await AskAsync(question, cancellation); continue;
            }
        }
    }

    private void Clear()
    {
        _messages.Clear();
        if (systemPrompt is not null) _messages.Add(new ChatMessage("system", systemPrompt));
    }

    private async Task AskAsync(string question, CancellationToken cancellation)
    {
        var known = _messages.Count;
        _messages.Add(new ChatMessage("user", question));
        try
        {
            _messages.Add(new ChatMessage("assistant", await ServerCalls.AskAsync(address, () => AnswerAsync(cancellation))));
        }
        catch (CommandException fault) when (fault.ExitCode is ExitCodes.Failed or ExitCodes.Usage)
        {
            _messages.RemoveRange(known, _messages.Count - known);
            notes.WriteLine($"grid: {fault.Message}");
        }
    }

    private async Task<string> AnswerAsync(CancellationToken cancellation)
    {
        var answer = new StringBuilder();
        await foreach (var chunk in client.StreamAsync(template with { Messages = _messages }, cancellation))
        {
            answer.Append(chunk.Text);
            output.Write(chunk.Text);
            await output.FlushAsync(cancellation);
        }

        output.WriteLine();
        return answer.ToString();
    }
}
