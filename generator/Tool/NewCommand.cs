using System.CommandLine;
using System.Reflection;
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
        var command = new Command("new", "Makes a project that predicts and explains with an ONNX model.") { folder };
        options.AddTo(command);
        command.SetAction(words => New(shell, options.Path(words), options.Read(words), words.GetValue(folder)));
        return command;
    }

    private static int New(Shell shell, string path, ImportOptions options, string? folder)
    {
        var model = Importer.Import(path, options);
        var into = folder ?? model.Name;
        if (Directory.Exists(into) && Directory.EnumerateFileSystemEntries(into).Any())
            throw new ImportException($"'{into}' is there already, and not empty.");
        model.Save(into);
        File.WriteAllText(Path.Combine(into, model.Name + "App.csproj"), Project(model));
        File.WriteAllText(Path.Combine(into, "Program.cs"), Program(model));
        shell.Line($"Wrote a project into {into}: dotnet run --project {into}");
        return Tool.Done;
    }

    private static string Project(ImportedModel model)
    {
        var version = typeof(NewCommand).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion
            .Split('+')[0];
        var weights = model.WeightsFileName is { } file ? $"    <WhenceWeights Include=\"{file}\" />\n" : "";
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net9.0</TargetFramework>
                <RollForward>Major</RollForward>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
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
        var tokens = model.Inputs.Any(input => input.Kind == "Tokens");
        var row = tokens ? "// A row holds embedded tokens: net.Embed makes one of a text's.\n" : "";
        return $"""
            using Whence;
            {space}
            var net = {model.Name}.Load({opened});
            {row}// One example, row by row: put your own numbers here.
            var x = new float[net.Signature.InputSize];
            for (var i = 0; i < x.Length; i++)
                x[i] = (float)Math.Sin(i);

            var y = net.Predict(x.AsSpan());
            var unit = Array.IndexOf(y, y.Max());
            Console.WriteLine($"The largest of {"{y.Length}"} outputs is number {"{unit}"}: {"{y[unit]}"}");

            var why = net.DeepLift(x, Target.Unit(unit));
            foreach (var part in why.Top(10))
                Console.WriteLine(part);
            Console.WriteLine($"{"{why.Output}"} - {"{why.ReferenceOutput}"} = sum of contributions, off by {"{why.Gap:e1}"}");

            """;
    }
}
