using System.Text.Json;
using System.Text.Json.Nodes;
using Grid.Abstractions.Http;
using Grid.Configuration.Yaml;

namespace Grid.Cli.Operators.Output;

/// <summary>Writes documents of the admin API in the asked form.</summary>
/// <param name="output">The writer of results, which is stdout.</param>
/// <param name="form">The form given with -o.</param>
internal sealed class DocumentWriter(TextWriter output, OutputForm form)
{
    private static readonly JsonSerializerOptions Indented = new(AdminJson.Form) { WriteIndented = true };

    public OutputForm Form => form;

    public bool IsWide => form == OutputForm.Wide;

    /// <summary>Writes a document: as it came, or as what <paramref name="table"/> makes of it.</summary>
    public void Write(JsonNode document, Action<TextWriter> table, bool oneLine = false)
    {
        switch (form)
        {
            case OutputForm.Json: output.WriteLine(document.ToJsonString(oneLine ? AdminJson.Form : Indented)); break;
            case OutputForm.Yaml: output.Write((oneLine ? "---\n" : "") + YamlWriter.Write(document)); break;
            default: table(output); break;
        }

        output.Flush();
    }

    /// <summary>Writes a document, or one sentence for people.</summary>
    public void Write(JsonNode document, string sentence) => Write(document, text => text.WriteLine(sentence));
}
