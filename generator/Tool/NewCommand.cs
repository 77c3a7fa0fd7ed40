using System.CommandLine;
using System.Reflection;
using System.Security;
using Whence.Import;

namespace Whence.Tool;

/// <summary><c>whence new</c>: a project around an imported class, which predicts and explains.</summary>
internal static class NewCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Shell shell)
    {
        var options = new ModelOptions();
        var folder =
            new Option<string?>("--out", "-o") { Description = "the new folder; named like the class without it", HelpName = "FOLDER" };
        var source = new Option<string?>("--source")
        {
            Description = "a folder or address of packages where the project looks for Whence, beside those that NuGet knows",
            HelpName = "FOLDER",
        };
        var command = new Command("new", "Makes a project that predicts and explains with an ONNX model.") { folder, source };
        options.AddTo(command);
        command.SetAction(words => New(shell, options.Path(words), options.Read(words), words.GetValue(folder),
            words.GetValue(source)));
        return command;
    }

    private static int New(Shell shell, string path, ImportOptions options, string? folder, string? source)
    {
        var model = Importer.Import(path, options);
        var into = folder ?? model.Name;
        if (Directory.Exists(into) && Directory.EnumerateFileSystemEntries(into).Any())
            throw new ImportException($"'{into}' is there already, and not empty.");
        model.Save(into);
        File.WriteAllText(Path.Combine(into, model.Name + "App.csproj"), Project(model, source));
        File.WriteAllText(Path.Combine(into, "Program.cs"), Program(model));
        shell.Line($"Wrote a project into {into}: dotnet run --project {into}");
        return Tool.Done;
    }

    private static string Project(ImportedModel model, string? source)
    {
        var version = typeof(NewCommand).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion
            .Split('+')[0];
        var weights = model.WeightsFileName is { } file ? $"    <WhenceWeights Include=\"{file}\" />\n" : "";
        // It is of the .NET that runs this, whose reference assemblies its SDK has. The project lies elsewhere than the one who names the
        // folder.
        var place = source is null || source.Contains("://", StringComparison.Ordinal) ? source : Path.GetFullPath(source);
        var sources = place is null ? ""
            : $"    <RestoreAdditionalProjectSources>{SecurityElement.Escape(place)}</RestoreAdditionalProjectSources>\n";
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net{Environment.Version.Major}.0</TargetFramework>
                <RollForward>Major</RollForward>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
            {sources}  </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Whence" Version="{version}" />
            {weights}  </ItemGroup>
            </Project>

            """;
    }

    private static string Program(ImportedModel model)
    {
        var opened = model.WeightsFileName is { } file ? $"Path.Combine(AppContext.BaseDirectory, \"{file}\")" : "Weights.Random(0)";
        var space = model.Namespace is { } name ? $"using {name};\n" : "";
        var pictures = IsPicture(model) ? "using Whence.Pictures;\n" : "";
        return $"""
            using Whence;
            {pictures}{space}
            var net = {model.Name}.Load({opened});

            {Example(model)}
            var y = new float[net.Signature.OutputSize];
            SpanExplainers.Predict(net, x, y, 1);
            var first = y[..net.Signature.Outputs[0].Shape.Size];
            var unit = Array.IndexOf(first, first.Max());
            Console.WriteLine($"The largest of {"{first.Length}"} outputs is number {"{unit}"}: {"{first[unit]}"}");

            var why = net.DeepLift(x, Target.Unit(unit));
            foreach (var part in why.Top(10))
                Console.WriteLine(part);
            Console.WriteLine($"{"{why.Output}"} - {"{why.ReferenceOutput}"} = sum of contributions, off by {"{why.Gap:e1}"}");
            {Shown(model)}
            """;
    }

    /// <summary>One example that the network takes: an array for each input, and the row that they make.</summary>
    private static string Example(ImportedModel model)
    {
        var tokens = 0;
        var lines = new List<string> { "// One example, row by row: put your own numbers here." };
        string[] names = model.Inputs.Count == 1 ? ["example"] : [.. model.Inputs.Select((_, i) => $"input{i + 1}")];
        for (var i = 0; i < names.Length; i++)
        {
            var (kind, size) = (model.Inputs[i].Kind, model.Inputs[i].Axes.Aggregate(1, (count, axis) => count * axis));
            lines.Add($"var {names[i]} = " + kind switch
            {
                "Mask" => $"Enumerable.Repeat(1f, {size}).ToArray();",
                "Tokens" => $"Enumerable.Range(0, {size}).Select(i => i % ((ITokenNetwork)net).TokenInputs[{tokens++}].Vocabulary)"
                    + ".ToArray();",
                _ => $"Enumerable.Range(0, {size}).Select(i => (float)Math.Sin(i)).ToArray();",
            });
        }
        lines.Add(tokens > 0 ? $"var x = net.Embed({string.Join(", ", names)});"
            : names.Length == 1 ? $"var x = {names[0]};" : $"float[] x = [.. {string.Join(", .. ", names)}];");
        return string.Join('\n', lines) + "\n";
    }

    private static bool IsPicture(ImportedModel model) =>
        model.Inputs is [{ Kind: "Shape", Axes: [1 or 3, >= 8, >= 8] or [>= 8, >= 8] }];

    /// <summary>The reasons as a picture, where the input is one, and by token.</summary>
    private static string Shown(ImportedModel model) =>
        IsPicture(model) ? """
            Png.Save(HeatMap.Draw(why.Scores, net.Signature.Inputs[0].Shape), "reasons.png");
            Console.WriteLine("What speaks for it (red) and against it (blue): reasons.png");

            """
        : model.Inputs.Count(input => input.Kind is "Tokens" or "Shape") == 1 && model.Inputs.Any(input => input.Kind == "Tokens")
            ? "Console.WriteLine($\"By token: {string.Join(\", \", why.PerToken())}\");\n"
        : "";
}
