using System.Runtime.CompilerServices;
using System.Text;
using VerifyTests;
using Xunit.Sdk;

namespace VerifyXunit
{
    /// <summary>
    /// Snapshot tests with the call shape and file names of the package Verify.Xunit, which can replace this file: the text is compared
    /// with <c>Class.Method.verified.EXTENSION</c> beside the test's source file. On a difference the text is written to
    /// <c>Class.Method.received.EXTENSION</c>; accepting it is renaming that file.
    /// </summary>
    public static class Verifier
    {
        /// <summary>Compares a text with its snapshot. Line ends do not count.</summary>
        /// <param name="target">What the test made.</param>
        /// <param name="extension">The snapshot's file extension, without a dot.</param>
        /// <param name="settings">Another method's name, the parameters of a theory; or null.</param>
        /// <param name="sourceFile">The test's source file, whose name is the class's; the compiler fills it in.</param>
        /// <exception cref="XunitException">The text differs from the snapshot, or there is none.</exception>
        /// <exception cref="InvalidOperationException">The settings do not name the method, which the package learns from the test
        /// runner.</exception>
        public static async Task Verify(string target, string extension, VerifySettings settings, [CallerFilePath] string sourceFile = "")
        {
            var method = settings.MethodName ?? throw new InvalidOperationException("The settings name no method: call UseMethodName.");
            var stem = Path.Combine(Path.GetDirectoryName(sourceFile)!,
                $"{Path.GetFileNameWithoutExtension(sourceFile)}.{method}{settings.Suffix}");
            var (verified, received) = ($"{stem}.verified.{extension}", $"{stem}.received.{extension}");
            var actual = Normal(target);
            var expected = File.Exists(verified) ? Normal(await File.ReadAllTextAsync(verified)) : null;
            if (actual == expected)
            {
                File.Delete(received);
                return;
            }
            await File.WriteAllTextAsync(received, actual, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            throw new XunitException(expected is null
                ? $"There is no snapshot {verified} yet. Read {received} and rename it if it is right."
                : $"The text differs from its snapshot.{Environment.NewLine}verified: {verified}{Environment.NewLine}received: "
                    + $"{received}{Environment.NewLine}{Difference(expected, actual)}");
        }

        /// <summary>Lines end in LF, and one line end closes the text.</summary>
        private static string Normal(string text) => text.Replace("\r\n", "\n").TrimEnd('\n') + "\n";

        /// <summary>
        /// What is left of both texts without the lines that they share at the start and at the end, with two lines around it.
        /// </summary>
        private static string Difference(string expected, string actual)
        {
            const int context = 2;
            const int most = 30;
            var (old, now) = (expected.Split('\n'), actual.Split('\n'));
            var shorter = Math.Min(old.Length, now.Length);
            var head = 0;
            while (head < shorter && old[head] == now[head])
                head++;
            var tail = 0;
            while (tail < shorter - head && old[^(tail + 1)] == now[^(tail + 1)])
                tail++;
            var before = now[Math.Max(0, head - context)..head].Select(line => $"  {line}");
            var removed = old[head..^tail].Take(most).Select(line => $"- {line}");
            var added = now[head..^tail].Take(most).Select(line => $"+ {line}");
            var after = now[^tail..].Take(context).Select(line => $"  {line}");
            return "line "
                + $"{head + 1}:{Environment.NewLine}{string.Join(Environment.NewLine, before.Concat(removed).Concat(added).Concat(after))}";
        }
    }
}

namespace VerifyTests
{
    /// <summary>Settings of one snapshot.</summary>
    public sealed class VerifySettings
    {
        internal string? MethodName { get; private set; }

        /// <summary>What follows the method's name in the file name.</summary>
        internal string Suffix { get; private set; } = "";

        /// <summary>The method's name in the file name.</summary>
        public void UseMethodName(string name) => MethodName = name;

        /// <summary>Gives each case of a theory its own snapshot: <c>Class.Method_PARAMETERS.verified.EXTENSION</c>.</summary>
        public void UseTextForParameters(string parameters) => Suffix = $"_{parameters}";
    }
}
