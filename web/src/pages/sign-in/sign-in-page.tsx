import { Button, Center, Code, Paper, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useCallback, useEffect, useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { SESSION_KEY, signIn } from "../../api/session.ts";
import { ErrorPanel } from "../../components/error-panel.tsx";

/** By an API token, or by the one-time code of a sign-in link, which stands behind the # of the address. */
export function SignInPage() {
  const [token, setToken] = useState("");
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const { state, hash } = useLocation();
  const target = (state as { from?: string } | null)?.from ?? "/";

  const enter = useCallback(
    async (credential: Parameters<typeof signIn>[0]) => {
      setBusy(true);
      setError(undefined);
      try {
        const session = await signIn(credential);
        client.clear();
        client.setQueryData(SESSION_KEY, session);
        await navigate(target, { replace: true });
      } catch (thrown) {
        setError(thrown);
      } finally {
        setBusy(false);
      }
    },
    [client, navigate, target],
  );

  useEffect(() => {
    document.title = "Sign in · Warren";
    const code = hash.slice(1);
    if (code === "") return;
    // Gone from the address bar and the history before anything else happens.
    window.history.replaceState(window.history.state, "", window.location.pathname);
    void enter({ code });
  }, [hash, enter]);

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void enter({ token: token.trim() });
  };
  return (
    <Center mih="100vh" p="md" component="main">
      <Paper withBorder p="xl" w={420} maw="100%">
        <form onSubmit={onSubmit}>
          <Stack>
            <Title order={1} size="h3">
              Warren
            </Title>
            <Text size="sm" c="dimmed">
              Sign in to the Join Server with an API token. The first one is in the file{" "}
              <Code>admin-token</Code> of its data folder; <Code>warren console</Code> prints a link
              that signs you in.
            </Text>
            <PasswordInput
              label="API token"
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
              required
            />
            {error !== undefined && <ErrorPanel error={error} />}
            <Button type="submit" loading={isBusy} disabled={token.trim() === ""}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
