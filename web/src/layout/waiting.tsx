import { Center, Loader } from "@mantine/core";

/** Before it is known who is signed in, and before the first page is there. */
export function Waiting() {
  return (
    <Center h="100vh">
      <Loader role="img" aria-label="Signing in" />
    </Center>
  );
}
