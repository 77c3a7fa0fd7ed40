using Whence.Import;
using Whence.Pictures;
using Whence.Tool.Given;

namespace Whence.Tool;

/// <summary>The report of one input: a section for each input of the network that has scores.</summary>
internal static class Pages
{
    /// <summary>The report.</summary>
    public static Report Of(INetwork network, InputRows rows, Question question, List<Attribution> answers, string reference,
        IReadOnlyList<string> notes)
    {
        var report = new Report($"Why {question.Name}?", network.Signature.Name)
        {
            Note = string.Join(" ", [question.Answer, .. notes]),
        };
        foreach (var part in rows.Parts.Where(part => part.Input.Kind != "Mask"))
        {
            report.Examples.Add(part.Input.Kind == "Tokens" ? Text(part, answers, reference)
                : Numbers(part, rows.Row, answers, reference));
        }
        return report;
    }

    private static Example Text(InputRows.Part part, List<Attribution> answers, string reference)
    {
        var count = part.Given.Names.Count > 0 ? part.Given.Names.Count : part.Given.Numbers.Length;
        var shape = new Shape(count);
        return new()
        {
            Title = part.Given.Title.Length > 0 ? part.Given.Title : Printable.Line(part.Input.Name),
            Shape = shape,
            Input = part.Given.Numbers.AsMemory(0, count),
            IsText = true,
            Names = part.Given.Names,
            Explanations = [.. answers.Where(OfInputs).Select(why => Explained.Of(why, part.Name) with
            {
                Shape = shape, Scores = why.PerToken(part.Name).AsMemory(0, count), Names = [], Reference = Named(why, reference),
            })],
        };
    }

    private static Example Numbers(InputRows.Part part, float[] row, List<Attribution> answers, string reference)
    {
        var shape = Shown(part.Input.Axes);
        return new()
        {
            Title = part.Given.Title.Length > 0 ? part.Given.Title : Printable.Line(part.Input.Name),
            Shape = shape,
            Input = Turned(row.AsSpan(part.Start, part.Size), part.Input.Axes),
            Names = part.Given.Names,
            Explanations = [.. answers.Select(why => OfInputs(why)
                ? Explained.Of(why, part.Name) with
                {
                    Shape = shape, Scores = Turned(why.ScoresOf(part.Name), part.Input.Axes), Reference = Named(why, reference),
                }
                : Explained.Of(why) with { Detail = $"{why.Tensors[0].Name}, signed" })],
        };
    }

    private static bool OfInputs(Attribution why) => why.Method != "GradCam";

    private static string Named(Attribution why, string reference) => why.ReferenceOutput is null ? "" : reference;

    /// <summary>The axes as a report shows them: pixels behind their channels, and of many axes all but the last as one.</summary>
    private static Shape Shown(IReadOnlyList<int> axes) =>
        Pixels.Of(axes) is { IsLast: true } pixels ? new(pixels.Channels, pixels.Height, pixels.Width)
        : axes.Count <= 3 ? new([.. axes]) : new(Inputs.Count(axes.Take(axes.Count - 1)), axes[^1]);

    private static float[] Turned(ReadOnlySpan<float> values, IReadOnlyList<int> axes)
    {
        var turned = values.ToArray();
        if (Pixels.Of(axes) is { IsLast: true } pixels)
        {
            for (var i = 0; i < values.Length; i++)
                turned[i % pixels.Channels * pixels.Height * pixels.Width + i / pixels.Channels] = values[i];
        }
        return turned;
    }
}
