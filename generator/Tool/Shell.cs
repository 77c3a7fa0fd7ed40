using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Whence.Tool;

/// <summary>Where a command writes: tables for people, JSON for programs.</summary>
internal sealed class Shell
{
    // Narrower, a table breaks words letter by letter, and its rows may have no room at all.
    private const int Narrowest = 80;

    private static readonly JsonSerializerOptions json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private readonly TextWriter output;
    private readonly TextWriter error;
    private readonly IAnsiConsole console;

    /// <summary>A shell that writes there.</summary>
    public Shell(TextWriter output, TextWriter error)
    {
        (this.output, this.error) = (output, error);
        console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = output == Console.Out ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = output == Console.Out ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = Math.Max(console.Profile.Width, Narrowest);
    }

    /// <summary>A line of text, as it is.</summary>
    public void Line(string text) => output.WriteLine(text);

    /// <summary>A line about what went wrong.</summary>
    public void Complain(string text) => error.WriteLine(text);

    /// <summary>A table; what it holds is text, and no markup.</summary>
    public void Table(string title, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        var table = new Table { Title = new(Markup.Escape(title)), Border = TableBorder.Rounded };
        foreach (var head in heads)
            table.AddColumn(Markup.Escape(head));
        foreach (var row in rows)
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        console.Write(table);
    }

    /// <summary>Does what takes a while, and says so on a terminal.</summary>
    public T While<T>(string doing, Func<T> work) =>
        console.Profile.Capabilities.Ansi ? console.Status().Start(Markup.Escape(doing), _ => work()) : work();

    /// <summary>An answer as JSON.</summary>
    public void Json<T>(T answer) => output.WriteLine(JsonSerializer.Serialize(answer, json));

    /// <summary>A number as people read it.</summary>
    public static string Number(double number) => number.ToString("0.0e+0", CultureInfo.InvariantCulture);

    /// <summary>Axes as people write them.</summary>
    public static string Axes(IEnumerable<int> axes) => $"[{string.Join(", ", axes)}]";
}
