using System.CommandLine;
using Samples;

namespace Whence.Samples.Tests;

/// <summary>What the samples' command lines refuse before they compute anything.</summary>
public sealed class CommandLines
{
    [Fact]
    public void PicturesGoNowhereWhereAFileIsInTheWay()
    {
        var file = Path.GetTempFileName();
        try
        {
            Refuses(Path.Combine(file, "pictures"), "cannot be made");
            Refuses(file, "cannot be made");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void PicturesGoNowhereWhereAFolderTakesNone()
    {
        // Not even root may make a file there; elsewhere a folder of this name may be made.
        if (OperatingSystem.IsLinux())
            Refuses("/proc", "takes no files");
    }

    [Fact]
    public void AFolderThatIsMadeStaysEmptyAndAFileStaysAsItWas()
    {
        var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Assert.Equal((0, true, ""), Run("--out", folder));
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
            var file = Path.Combine(folder, "report.html");
            CommandLine.RequireFile(file);
            Assert.False(File.Exists(file));
            File.WriteAllText(file, "kept");
            CommandLine.RequireFile(file);
            Assert.Equal("kept", File.ReadAllText(file));
            Assert.Contains("cannot be written", Assert.Throws<IOException>(() => CommandLine.RequireFile(folder)).Message);
            Assert.Contains("cannot be written", Assert.Throws<IOException>(() => CommandLine.RequireFile(file + "/x")).Message);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Refuses(string folder, string why)
    {
        var (code, hasRun, said) = Run("--out", folder);
        Assert.Equal(1, code);
        Assert.False(hasRun);
        Assert.Contains(why, said);
        Assert.Single(said.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("The folder \"\" cannot be made", "draw", "")]
    [InlineData("There is no option --nope.", "--nope")]
    [InlineData("\"nope\" is no URL to serve on", "nope")]
    [InlineData("\"http://\" is no URL to serve on", "http://")]
    [InlineData("\"\" is no URL to serve on", "")]
    [InlineData("\"http://999.1.1.1:99999\" is no URL to serve on", "http://999.1.1.1:99999")]
    [InlineData("\"http://999.1.1.1:80\" is no URL to serve on", "http://999.1.1.1:80")]
    [InlineData("\"http://1.2.3.256:0\" is no URL to serve on", "http://1.2.3.256:0")]
    [InlineData("\"http://1.2.3.4.5:0\" is no URL to serve on", "http://1.2.3.4.5:0")]
    [InlineData("\"http://under_score,:0\" is no URL to serve on", "http://under_score,:0")]
    [InlineData("\"http://[1:2]:0\" is no URL to serve on", "http://[1:2]:0")]
    [InlineData("\"https://127.0.0.1:0\" is no URL to serve on", "https://127.0.0.1:0")]
    [InlineData("\"http://127.0.0.1:0/credit\" is no URL to serve on", "http://127.0.0.1:0/credit")]
    [InlineData("", "http://192.0.2.1:5080")]
    [InlineData("--nope", "table", "--nope")]
    public void CreditSaysInOneLineWhatIsWrong(string why, params string[] args)
    {
        var (output, errors) = (Console.Out, Console.Error);
        using var said = new StringWriter();
        Console.SetOut(TextWriter.Null);
        Console.SetError(said);
        try
        {
            Assert.Equal(1, Credit.Commands.Run(args));
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(errors);
        }
        Assert.Contains(why, Assert.Single(said.ToString().Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderThatCannotBeReadAsAFileIsToldInOneLine()
    {
        var command = new RootCommand("Reads.");
        command.SetAction(_ =>
        {
            using var file = File.OpenRead(Path.GetTempPath());
        });
        Assert.Equal(1, command.Run([]));
    }

    private static (int Code, bool HasRun, string Said) Run(params string[] args)
    {
        var (before, hasRun) = (Console.Error, false);
        using var said = new StringWriter();
        Console.SetError(said);
        try
        {
            var command = new RootCommand("An experiment.").Experiment("less", "pictures", (_, _) =>
            {
                hasRun = true;
                return 0;
            });
            return (command.Run(args), hasRun, said.ToString());
        }
        finally
        {
            Console.SetError(before);
        }
    }
}
