using Grid.Engine.Simulation;
using Grid.Tokenization;
using Grid.Tokenization.ChatTemplates.Rendering;

namespace Grid.Engine.Loading;

/// <summary>The model <c>sim</c>: a token is a byte, and the chat prompt is fixed.</summary>
internal static class SimulatedSource
{
    private const string Template =
        "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    public static ModelSource Read(SimOptions options) => new()
    {
        Root = SimulatedModel.Source,
        Tokenizer = new ByteTokenizer(options.Vocab),
        ChatTemplate = ChatTemplate.Parse(Template, SimulatedModel.Source),
    };
}
